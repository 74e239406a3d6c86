import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import { DevshmError, reasonOf, systemCodeOf } from '../../errors.ts'
import { pathOfText } from './odd-names.ts'
import { isSettled } from '../../fs/settled.ts'
import { isAsStamped, stampOf, type Stamp } from './stamp.ts'

export interface Reading<T> {
  readonly value: T
  /** Of the file that was read; absent if a later write may leave it as it is. */
  readonly stamp: Stamp | undefined
}

/** Not to wait for a writer if a named pipe takes the file's place. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK

const MOST_TRIES = 3

/**
 * Read a file, again if it is written to meanwhile. What is always being written is taken as it came: such a content
 * is found under no later hash.
 *
 * @returns `undefined` where there is no file
 * @throws {DevshmError} `IO`: there is one, but it cannot be read
 */
export function readInput<T>(path: string, read: (file: number) => T): Reading<T> | undefined {
  for (let tries = 1; ; tries += 1) {
    const reading = readOnce(path, read)
    if (reading === undefined || !reading.isTorn || tries === MOST_TRIES) return reading
  }
}

function readOnce<T>(path: string, read: (file: number) => T): (Reading<T> & { readonly isTorn: boolean }) | undefined {
  // Before the first look, so that no write after that look can seem older.
  const takenAt = Date.now()
  const file = openIfThere(path)
  if (file === undefined) return undefined
  try {
    const before = fstatSync(file, { bigint: true })
    if (!before.isFile()) return undefined
    const value = read(file)
    const stamp = stampOf(before)
    const isTorn = !isAsStamped(stamp, fstatSync(file, { bigint: true }))
    return { value, stamp: !isTorn && isSettled(before, takenAt) ? stamp : undefined, isTorn }
  } catch (error) {
    throw cannotRead(path, error)
  } finally {
    closeSync(file)
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(pathOfText(path), FLAGS)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined
    if (code === 'EACCES' && !isThere(path)) return undefined
    throw cannotRead(path, error)
  }
}

/** What lies in a folder that this user cannot enter is as good as absent (`listFiles` leaves it out as well). */
function isThere(path: string): boolean {
  try {
    return statSync(pathOfText(path), { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

function cannotRead(path: string, cause: unknown): DevshmError {
  return new DevshmError('IO', `cannot read ${path}, an input of the set-up: ${reasonOf(cause)}`, {
    hint: 'make the file readable, or name inputs without it in the configuration',
    cause,
    details: { path },
  })
}
