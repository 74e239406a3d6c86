import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import type { Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import type { Situation } from './examine.ts'
import type { Places } from './places.ts'

/**
 * Whether the content of a live database that nobody has open is on disk in a file that stays: the origin, a snapshot, or
 * the last save of that very attachment, which recovery keeps. One with a log or journal beside it is not known to be.
 */
export async function isOnDisk(
  { engine, places }: Context,
  situation: Pick<Situation, 'record' | 'inode'>,
  { live, journal }: Attachment,
): Promise<boolean> {
  const { size = 0n } = lookAt(live) ?? {}
  const hasNoLog = engine.sidecarsOf(live).every((path) => path.endsWith('-shm') || (lookAt(path)?.size ?? 0n) === 0n)
  // Never written to, so there is nothing to lose.
  if (size === 0n && hasNoLog) return true
  for (const path of copiesOf(places, situation, live)) {
    const stats = lookAt(path)
    if (stats?.isFile() !== true || stats.size !== size) continue
    if ((await engine.findOpeners(path, { includeSelf: true })).length > 0) continue
    if (await engine.haveSameContent(live, path, { ignoreJournalMode: journal === 'wal' })) return true
  }
  return false
}

function copiesOf(places: Places, { record, inode }: Pick<Situation, 'record' | 'inode'>, live: string): string[] {
  // Recovery keeps the last save of an attachment whose RAM is gone, unless the original is back.
  const isOriginal = record?.before.kind === 'file' && record.before.inode === inode
  const lastSave = record?.live === live && record.detaching === undefined && !isOriginal ? [places.lastSave] : []
  return [places.origin, ...lastSave, ...snapshotsIn(places)]
}

/** Those that do not go by themselves. */
const STAYS = /^(?:[^@]|@replaced\b).*\.sqlite3$/

function snapshotsIn({ snapshots }: Places): string[] {
  try {
    const names = readdirSync(snapshots).filter((name) => STAYS.test(name))
    return names.map((name) => join(snapshots, name))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}
