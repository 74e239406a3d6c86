import { join } from 'node:path'
import { DevshmError, UsageError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import type { Places } from '../session/places.ts'
import { isSnapshotName, listSnapshots } from './list.ts'
import { readHistory, type Overwriting } from './history.ts'

const NUMBERED = /^(@?[A-Za-z-]+)-(\d+)$/

/** @throws {UsageError} a name that could be a path, an option or one of devshm's own */
export function requireName(name: string): void {
  if (isSnapshotName(name) && !name.startsWith('@')) return
  throw new UsageError(`${JSON.stringify(name)} cannot be the name of a snapshot`, {
    hint: 'use at most 100 letters, digits, "-", "_" and ".", and begin with a letter, a digit or "_"',
  })
}

/** @throws {DevshmError} `USAGE`: there is a snapshot of that name */
export function requireFree(places: Places, name: string): void {
  if (lookAt(snapshotPath(places, name)) === undefined) return
  throw new DevshmError('USAGE', `${places.origin} has a snapshot ${name} already`, {
    hint: 'choose another name, or replace it with --force',
    details: { path: places.origin, name },
  })
}

export function snapshotPath(places: Places, name: string): string {
  return join(places.snapshots, `${name}.sqlite3`)
}

/** The name for what is about to be overwritten: numbers only grow, so that no name ever means another content. */
export function nextAutomaticName(places: Places, by: Overwriting): string {
  return numbered(`@before-${by}`, places)
}

export function nextUsersName(places: Places): string {
  return numbered('snapshot', places)
}

/** Whether devshm took it before it overwrote something: those are pruned. */
export function isAutomatic(name: string): boolean {
  return /^@before-(reset|restore|undo)-\d+$/.test(name)
}

function numbered(stem: string, places: Places): string {
  const { base, overwritten, pending } = readHistory(places)
  const remembered = [overwritten, pending?.overwritten].flatMap((one) => (one === undefined ? [] : [one.snapshot]))
  const named = base?.kind === 'snapshot' ? [base.name] : []
  const names = [...listSnapshots(places).map(({ name }) => name), ...remembered, ...named]
  const numbers = names.map((name) => NUMBERED.exec(name)).map((match) => (match?.[1] === stem ? Number(match[2]) : 0))
  return `${stem}-${Math.max(0, ...numbers) + 1}`
}

/** The snapshot of that name; `@before-reset` without a number is the newest of them. */
export function findSnapshot(places: Places, name: string): { name: string; path: string } | undefined {
  const all = listSnapshots(places)
  const exact = all.find((snapshot) => snapshot.name === name)
  if (exact !== undefined) return exact
  return all
    .map((snapshot) => ({ snapshot, match: NUMBERED.exec(snapshot.name) }))
    .filter(({ match }) => name.startsWith('@') && match?.[1] === name)
    .toSorted((a, b) => Number(b.match?.[2]) - Number(a.match?.[2]))[0]?.snapshot
}

/** @param orFile whether a file could have been meant as well */
export function noSnapshot(name: string, places: Places, { orFile }: { orFile: boolean }): DevshmError {
  const names = listSnapshots(places).map((snapshot) => snapshot.name)
  return new DevshmError(
    'NO_SNAPSHOT',
    `${places.origin} has no snapshot ${name === '' ? '""' : name}${orFile ? ', and there is no such file' : ''}`,
    {
      hint: names.length === 0 ? 'devshm snapshot takes one' : `there are ${names.join(', ')}`,
      details: { path: places.origin, name },
    },
  )
}
