import { chmodSync, chownSync, statSync, type BigIntStats } from 'node:fs'

/** Give a new file the owner and group of another, where they are not the same already (root, or a member of the group). */
export async function giveOwnerOf(of: string, to: string): Promise<void> {
  const [wanted, actual] = [statSync(of), statSync(to)]
  if (wanted.uid !== actual.uid || wanted.gid !== actual.gid) chownSync(to, wanted.uid, wanted.gid)
}

/** Set permission bits only where they differ, so that an untouched file keeps its times. */
export async function chmodIfDifferent(path: string, mode: number): Promise<void> {
  if ((statSync(path).mode & 0o7777) !== mode) chmodSync(path, mode)
}

/** Whether a new file of this process can have the owner and the group of this one. */
export function canGiveAway(stats: BigIntStats): boolean {
  const uid = process.geteuid?.()
  if (uid === 0 || uid === undefined) return true
  const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])]
  return stats.uid === BigInt(uid) && groups.includes(Number(stats.gid))
}
