import { rm } from 'node:fs/promises'
import { DevshmError } from '../errors.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { findSnapshot, noSnapshot } from './names.ts'

/**
 * Remove snapshots for good; all of them or, where one is not there, none. Under the database's lock, after `recover`.
 *
 * @throws {DevshmError} `NO_SNAPSHOT`; `IN_USE`: `@attach` while the database is in RAM
 */
export async function removeSnapshots(
  { places }: Context,
  attachment: Attachment | undefined,
  names: readonly string[],
): Promise<string[]> {
  const found = names.map((name) => {
    const snapshot = findSnapshot(places, name)
    if (snapshot === undefined) throw noSnapshot(name, places, { orFile: false })
    if (attachment !== undefined && snapshot.path === places.attachSnapshot) {
      throw new DevshmError('IN_USE', `@attach is the original file of ${places.origin}, which is in RAM`, {
        hint: 'detach it first: devshm detach',
        details: { path: snapshot.path },
      })
    }
    return snapshot
  })
  for (const { path } of found) await rm(path, { force: true })
  await syncDirectory(places.snapshots)
  return found.map(({ name }) => name)
}
