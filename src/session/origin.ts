import { accessSync, constants, type BigIntStats } from 'node:fs'
import { dirname } from 'node:path'
import type { FileFacts } from '../engine/engine.ts'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { isInMemory } from '../volume/judge.ts'
import { listOpeners } from './list-openers.ts'
import { canGiveAway } from './ownership.ts'
import type { Context } from './context.ts'

/** An origin that can be attached. */
export type Origin =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file'
      readonly stats: BigIntStats
      readonly facts: Exclude<FileFacts, { kind: 'other' }>
      /** What a crash left beside it and recovery may bring into it, in bytes. */
      readonly pendingBytes?: number
    }

/**
 * Look at an origin before anything is touched.
 *
 * @throws {DevshmError} `DATABASE_UNUSABLE`: it is no database, or one that could not be given back as it was
 */
export async function examineOrigin(context: Context): Promise<Origin> {
  const { places, engine } = context
  const { origin } = places
  const stats = lookAt(origin)
  await requireWritableFolder(origin)
  if (stats === undefined) return { kind: 'absent' }
  const facts = await requireDatabase(context, stats)
  if (facts.kind === 'absent') return { kind: 'absent' }
  if (await isInMemory(dirname(origin))) {
    throw unusable(
      origin,
      'is in RAM already',
      'devshm brings databases from disk to RAM and back; move it to disk first',
    )
  }
  requireGiveable(origin, stats)
  const pending = engine
    .sidecarsOf(origin)
    .filter((path) => !path.endsWith('-shm'))
    .map((path) => lookAt(path)?.size ?? 0n)
  return { kind: 'file', stats, facts, pendingBytes: pending.reduce((sum, size) => sum + Number(size), 0) }
}

/**
 * @param stats of what is at the origin itself
 * @throws {DevshmError} `DATABASE_UNUSABLE`: it is no database, or not this user's to work with
 */
export async function requireDatabase(
  { places, engine }: Context,
  stats: BigIntStats,
): Promise<Exclude<FileFacts, { kind: 'other' }>> {
  const { origin } = places
  requireNoFolder(origin, stats)
  if (!stats.isFile()) throw unusable(origin, 'is not a regular file', 'name the database file with --db')
  await requireReadWrite(origin)
  const facts = await engine.inspect(origin)
  if (facts.kind === 'other') throw unusable(origin, facts.reason, 'name another database with --db')
  return facts
}

/** @throws {DevshmError} `DATABASE_UNUSABLE`: so that nothing is made beside what can be no database */
export function requireNoFolder(origin: string, stats: BigIntStats | undefined): void {
  if (stats?.isDirectory() !== true) return
  throw unusable(origin, 'is a folder, not a database', 'name the database file with --db')
}

/**
 * @throws {DevshmError} `IN_USE`, naming the processes that have the origin open
 */
export async function requireClosed({ places, engine }: Context): Promise<void> {
  const openers = await engine.findOpeners(places.origin, { includeSelf: true })
  if (openers.length === 0) return
  throw new DevshmError('IN_USE', `${places.origin} is open in ${listOpeners(openers)}`, {
    hint: 'stop that first: it would go on writing to the file on disk',
    details: { path: places.origin, openers },
  })
}

export async function requireWritableFolder(origin: string): Promise<void> {
  const folder = dirname(origin)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new DevshmError('IO', `${folder} is not writable, so ${origin} cannot be replaced`, {
      hint: 'make the folder writable for this user, or run the command without devshm',
      cause: error,
      details: { path: folder },
    })
  }
}

async function requireReadWrite(origin: string): Promise<void> {
  try {
    accessSync(origin, constants.R_OK | constants.W_OK)
  } catch (error) {
    throw new DevshmError('IO', `${origin} is not readable and writable for this user`, {
      hint: `change its permissions (chmod u+rw), or run devshm as its owner`,
      cause: error,
      details: { path: origin },
    })
  }
}

/** A save is a new file: it must be possible to give it the origin's names and owner. */
function requireGiveable(origin: string, stats: BigIntStats): void {
  if (stats.nlink > 1n) {
    const hint = 'give this project a copy of its own: cp it to a new name and mv that over it'
    throw unusable(origin, `has ${stats.nlink} names (hard links), which would no longer be the same file`, hint)
  }
  if (canGiveAway(stats)) return
  throw unusable(
    origin,
    `belongs to another user or group (${stats.uid}:${stats.gid}) and could not be given back to it`,
    'run devshm as its owner, or chown it to you',
  )
}

function unusable(origin: string, problem: string, hint: string): DevshmError {
  return new DevshmError('DATABASE_UNUSABLE', `${origin} ${problem}`, { hint, details: { path: origin } })
}
