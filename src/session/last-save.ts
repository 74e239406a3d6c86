import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { writeFileForNow } from '../fs/replace.ts'
import { removeFile } from '../fs/remove.ts'
import type { Attachment } from './attachment.ts'
import type { Places } from './places.ts'
import { isSettled, stampOf } from './stamp.ts'

/** What is known of the newest copy on disk. It was opened and checked after it was written. */
export interface LastSave {
  /** ISO 8601, UTC: the state is that of live at this moment. */
  readonly savedAt: string
  readonly bytes: number
  /** Live's stamp, taken before the state was fixed. */
  readonly stamp: string
  /** Whether that stamp was settled when it was taken: only then does an equal one mean that nothing was written. */
  readonly settled: boolean
  /** How long the save took, in milliseconds. */
  readonly ms: number
}

export function writeLastSave(places: Places, facts: LastSave): void {
  const text = `${JSON.stringify(facts, undefined, 2)}\n`
  writeFileForNow(places.lastSaveFacts, text, join(places.unfinished, 'last-save.json'))
}

/** Right after attach the original file is the newest copy on disk. */
export function noteAttachAsSave(places: Places, attachment: Attachment, bytes: number): void {
  const stamp = stampOf(attachment.live)
  const settled = isSettled(stamp, Date.now())
  writeLastSave(places, { savedAt: attachment.attachedAt, bytes, stamp, settled, ms: 0 })
}

/** When the database is not attached any more, there is no last save but the origin itself. */
export async function forgetLastSave(places: Places): Promise<void> {
  await removeFile(places.lastSave)
  rmSync(places.lastSaveFacts, { force: true })
}

export function readLastSave(places: Places): LastSave | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(places.lastSaveFacts, 'utf8'))
    return isLastSave(value) ? value : undefined
  } catch (error) {
    // Without these facts a save is only more thorough than it need be.
    if (error instanceof SyntaxError || systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isLastSave(value: unknown): value is LastSave {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map(Object.entries(value))
  return typeof fields.get('savedAt') === 'string' && typeof fields.get('stamp') === 'string'
}

/** Whether live certainly was not written to since the last save. */
export function isAsSaved(places: Places, { live }: Attachment): boolean {
  const last = readLastSave(places)
  return last !== undefined && last.settled && last.stamp === stampOf(live)
}

/**
 * The newest complete copy on disk: the last save, or the original file when nothing was saved since. `undefined` when
 * the database did not exist before and was never saved.
 */
export function newestCopy(places: Places): string | undefined {
  for (const path of [places.lastSave, places.attachSnapshot]) {
    if (lookAt(path) !== undefined) return path
  }
  return undefined
}
