import { resolve } from 'node:path'
import { DevshmError } from './errors.ts'
import { nameCommand } from './process/name-command.ts'
import type { WhereToLook } from './project/find-databases.ts'
import { openContexts } from './session/contexts.ts'
import type { Report, SessionEvent } from './session/events.ts'
import { Session } from './session/session.ts'
import { statusOf, type DatabaseStatus } from './session/status.ts'

export interface WhichDatabases {
  /** The project's folder (default: the process's). */
  readonly cwd?: string
  /** Paths, relative to `cwd`, instead of what is configured or found. */
  readonly databases?: readonly string[]
  /** The environment to read `DEVSHM_VOLUME` from (default: the process's). */
  readonly env?: NodeJS.ProcessEnv
}

export interface OpenSessionOptions extends WhichDatabases {
  /** Seconds between saves while a database changes, or `'off'` (default: the configuration's, else 30). */
  readonly saveEvery?: number | 'off'
  /** `'wal'` makes live a write-ahead database; its mode on disk stays (default: the configuration's, else `'keep'`). */
  readonly journal?: 'keep' | 'wal'
  /** Called with everything that happens; nothing is printed. */
  readonly onEvent?: Report
}

/** Databases in RAM, saved on a timer until closed. */
export interface DatabaseSession extends AsyncDisposable {
  /** Each database's path on disk and in RAM. Either may be opened; they are the same file. */
  readonly databases: readonly { readonly origin: string; readonly live: string }[]
  /** Write to disk now what was changed. @throws {DevshmError} the last save is then as before */
  save(): Promise<void>
  /**
   * Save, and bring the databases back to disk unless another session needs them in RAM. Close your connections first.
   *
   * @throws {DevshmError} `IO` if one could not be saved; it is still in RAM then
   */
  close(): Promise<void>
}

/**
 * Put a project's databases into RAM, as `devshm run` does, for the time that this process needs them.
 *
 * @throws {DevshmError} and then every database is on disk as before
 */
export async function openSession(options: OpenSessionOptions = {}): Promise<DatabaseSession> {
  const onEvent = options.onEvent ?? (() => undefined)
  let failure = ''
  const { contexts, configuration } = await openContexts(whereOf(options), (event) => {
    if (event.type === 'failed') failure = event.message
    onEvent(event)
  })
  const saveEvery = options.saveEvery ?? configuration.saveEvery ?? 30
  const session = await Session.open(contexts, {
    kind: 'run',
    command: nameCommand(process.argv),
    saveEveryMs: saveEvery === 'off' ? undefined : saveEvery * 1000,
    journal: options.journal ?? configuration.journal ?? 'keep',
    requireRam: true,
  })
  const close = async (): Promise<void> => {
    if (await session.close()) return
    throw new DevshmError('IO', failure, { hint: 'the database is still in RAM: `devshm detach` tries again' })
  }
  return {
    get databases() {
      return session.databases.map(({ origin, live }) => ({ origin, live }))
    },
    save: () => session.save(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Where a project's databases are and whether they are saved. Changes nothing. */
export async function getStatus(options: WhichDatabases = {}): Promise<DatabaseStatus[]> {
  const { contexts } = await openContexts(whereOf(options), () => undefined)
  return await Promise.all(contexts.map(statusOf))
}

function whereOf({ cwd, databases, env }: WhichDatabases): WhereToLook {
  return { cwd: resolve(cwd ?? process.cwd()), env: env ?? process.env, explicit: databases ?? [] }
}

export { DevshmError, UsageError, type ErrorCode } from './errors.ts'
export type { Configuration } from './project/configuration.ts'
export type { DatabaseStatus, SessionEvent }
