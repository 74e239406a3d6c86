import { chmodSync, chownSync, statSync } from 'node:fs'

/** Give a new file the owner and group of another, where they are not the same already (root, or a member of the group). */
export async function giveOwnerOf(of: string, to: string): Promise<void> {
  const [wanted, actual] = [statSync(of), statSync(to)]
  if (wanted.uid !== actual.uid || wanted.gid !== actual.gid) chownSync(to, wanted.uid, wanted.gid)
}

/** Set permission bits only where they differ, so that an untouched file keeps its times. */
export async function chmodIfDifferent(path: string, mode: number): Promise<void> {
  if ((statSync(path).mode & 0o7777) !== mode) chmodSync(path, mode)
}
