import { link, rm } from 'node:fs/promises'
import type { OnProgress } from '../engine/engine.ts'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { readHistory, writeHistory } from './history.ts'
import { keepStage } from './keep.ts'
import { nextAutomaticName, nextUsersName, requireFree, requireName, snapshotPath } from './names.ts'
import { settleHistory } from './settle-history.ts'
import { stage } from './staging.ts'

export interface TakeOptions {
  /** The next free `snapshot-N` by default. */
  readonly name: string | undefined
  /** Replace a snapshot of that name, in one step. */
  readonly force: boolean
  readonly onProgress?: OnProgress | undefined
}

export interface Taken {
  readonly name: string
  readonly path: string
  readonly bytes: number
}

/**
 * Keep what the database holds at this moment, in RAM or on disk, under a name. Under the database's lock, after
 * `recover`.
 *
 * @throws {DevshmError} `USAGE`: the name; `DATABASE_UNUSABLE`: there is nothing to keep; `NO_SPACE`, `BUSY`
 */
export async function takeSnapshot(
  context: Context,
  attachment: Attachment | undefined,
  { name, force, onProgress }: TakeOptions,
): Promise<Taken> {
  const { places, engine } = context
  if (name !== undefined) requireName(name)
  const chosen = name ?? nextUsersName(places)
  if (!force) requireFree(places, chosen)
  const path = attachment?.live ?? places.origin
  if (lookAt(path) === undefined) throw nothingThere(path)
  if (attachment === undefined) await requireDatabase(context)
  await settleHistory(context, attachment)
  using pinned = await engine.pin(path)
  const staged = await stage(context, attachment, pinned, onProgress)
  if (staged.isInRam) pinned[Symbol.dispose]()
  try {
    await keepForUndo(context, chosen)
    const to = await keepStage(context, staged, pinned, chosen)
    const base = { kind: 'snapshot', name: chosen, at: new Date().toISOString() } as const
    await writeHistory(places, { ...readHistory(places), base })
    return { name: chosen, path: to, bytes: pinned.bytes }
  } finally {
    await rm(staged.path, { force: true })
  }
}

/** A name that is used again no longer means what `undo` is to bring back: that gets a name of its own. */
async function keepForUndo({ places }: Context, name: string): Promise<void> {
  const history = readHistory(places)
  const { overwritten } = history
  const path = snapshotPath(places, name)
  if (overwritten?.snapshot !== name || lookAt(path) === undefined) return
  const snapshot = nextAutomaticName(places, overwritten.by)
  await link(path, snapshotPath(places, snapshot))
  await syncDirectory(places.snapshots)
  await writeHistory(places, { ...history, overwritten: { ...overwritten, snapshot } })
}

/** @throws {DevshmError} `DATABASE_UNUSABLE`: what is at the origin is not a database */
export async function requireDatabase({ engine, places }: Context): Promise<void> {
  const facts = await engine.inspect(places.origin)
  if (facts.kind !== 'other') return
  throw new DevshmError('DATABASE_UNUSABLE', `${places.origin} ${facts.reason}`, {
    hint: 'name another database with --db',
    details: { path: places.origin },
  })
}

function nothingThere(path: string): DevshmError {
  return new DevshmError('DATABASE_UNUSABLE', `${path} does not exist, so there is nothing to keep`, {
    hint: 'set the database up first, or name another one with --db',
    details: { path },
  })
}
