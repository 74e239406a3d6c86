import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startProcess, type StartedProcess } from '../../support/django/started-process.ts'
import { createPlayground, DEVSHM, type Playground } from '../../support/playground.ts'
import { openTerminal, type Terminal } from '../../support/pty.ts'

const APP = join(import.meta.dirname, 'app.py')

/** Dispose at the end of the test, also when it timed out: then what it holds with `using` is never disposed. */
export function untilTestEnds<T extends AsyncDisposable>(resource: T): T {
  onTestFinished(() => resource[Symbol.asyncDispose]())
  return resource
}

/** A project with one table, `seen`, empty. */
export async function projectForTest(): Promise<Playground> {
  const playground = untilTestEnds(await createPlayground())
  playground.sql('create table seen (word text)')
  return playground
}

/** See app.py: it ends with status 0 after the signal `last`. */
export function app(last: NodeJS.Signals): string[] {
  return ['python3', APP, 'db.sqlite3', last]
}

/** What the app noted, as the database at the origin has it now. */
export function seen({ sql }: Playground): string[] {
  return sql('select word from seen order by rowid').map(({ word }) => String(word))
}

/** Whether the origin is a regular file again. */
export function isOnDisk({ origin }: Playground): boolean {
  return lstatSync(origin, { throwIfNoEntry: false })?.isFile() === true
}

/** The files that devshm left in the volume: a database, its folder's record, leases. */
export function leftInRam({ inRam }: Playground): string[] {
  return inRam().filter((path) => /\.(sqlite3|json)/.test(path))
}

/** Start any command in the project, in a session of its own. */
export async function start({ folder, env }: Playground, command: readonly string[]): Promise<StartedProcess> {
  return untilTestEnds(await startProcess(command, { cwd: folder, env }))
}

export async function startRun(
  project: Playground,
  command: readonly string[],
  ...flags: string[]
): Promise<StartedProcess> {
  return await start(project, [...DEVSHM, 'run', ...flags, '--', ...command])
}

/** `devshm run` in a terminal window. */
export function runInTerminal(
  { folder, env }: Playground,
  command: readonly string[],
  { prefix = [], flags = [] }: { prefix?: readonly string[]; flags?: readonly string[] } = {},
): Terminal {
  const argv = [...prefix, ...DEVSHM, 'run', ...flags, '--', ...command]
  return untilTestEnds(openTerminal(argv, { cwd: folder, env }))
}
