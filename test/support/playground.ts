import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { systemCodeOf } from '../../src/errors.ts'
import { createFolderOnDisk } from './django/disk-folder.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

/** How long to wait for what must come, in milliseconds: a limit for a hang, on a busy machine with a slow disk. */
export const HANGS_AFTER_MS = 30_000

/** How to run devshm from source. */
export const DEVSHM: readonly [string, ...string[]] = [process.execPath, MAIN]

export interface Outcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** An empty project on disk and a volume of its own in RAM. Disposing ends what was started and removes both. */
export interface Playground extends AsyncDisposable {
  readonly folder: string
  /** `db.sqlite3` in the folder. */
  readonly origin: string
  /** A folder in `/dev/shm`, used as the volume by every command of the playground. */
  readonly volume: string
  /** The template cache of every command of the playground. */
  readonly cache: string
  readonly env: NodeJS.ProcessEnv
  /** Run devshm to its end. */
  devshm(...args: string[]): Promise<Outcome>
  /** Run any program to its end, in the folder. */
  command(program: string, ...args: string[]): Promise<Outcome>
  /** Start a program that ends with the playground; lines of its standard output and error are collected. */
  start(program: string, ...args: string[]): Started
  /** The JSON of `devshm status`, of the first database. */
  status(): Promise<Record<string, unknown>>
  /** Run SQL on a database of the folder, in this process, and close it again. */
  sql(sql: string, path?: string): Record<string, SQLOutputValue>[]
  /** Files below the volume, relative to it. */
  inRam(): string[]
}

export interface Started {
  readonly process: ChildProcess
  readonly pid: number
  /** Everything printed so far, both streams. */
  readonly output: string
  readonly exit: Promise<number>
  /** Wait for output that matches, at most {@link HANGS_AFTER_MS}. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
}

export async function createPlayground(): Promise<Playground> {
  await using cleanUp = new AsyncDisposableStack()
  const { path: folder } = cleanUp.use(createFolderOnDisk('devshm-test-'))
  const volume = await mkdtemp('/dev/shm/devshm-test-')
  cleanUp.defer(() => rm(volume, { recursive: true, force: true }))
  const started: Started[] = []
  const { path: cache } = cleanUp.use(createFolderOnDisk('devshm-test-cache-'))
  const env = { ...process.env, DEVSHM_VOLUME: volume, DEVSHM_CACHE: cache, LC_ALL: 'C.UTF-8' }
  const origin = join(folder, 'db.sqlite3')
  cleanUp.defer(() => endHolders(volume))
  cleanUp.defer(async () => {
    for (const each of started) if (each.process.exitCode === null) each.process.kill('SIGKILL')
    await Promise.all(started.map(({ exit }) => exit))
  })
  const command = (program: string, ...args: string[]): Promise<Outcome> => run(program, args, { cwd: folder, env })
  const resources = cleanUp.move()
  return {
    folder,
    origin,
    volume,
    cache,
    env,
    command,
    devshm: (...args) => command(DEVSHM[0], ...DEVSHM.slice(1), ...args),
    start: (program, ...args) => {
      const one = startIn(folder, env, program, args)
      started.push(one)
      return one
    },
    status: async () => {
      const outcome = await command(DEVSHM[0], ...DEVSHM.slice(1), 'status', '--json', '--verbose')
      if (outcome.status !== 0) throw new Error(`devshm status failed: ${outcome.stderr}`)
      const { databases } = JSON.parse(outcome.stdout) as { databases: Record<string, unknown>[] }
      return databases[0] ?? {}
    },
    sql: (sql, path = origin) => runSql(path, sql),
    inRam: () => filesBelow(volume),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** Listed again when a folder goes away in the middle of it. */
function filesBelow(folder: string): string[] {
  for (;;) {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT' || !existsSync(folder)) throw error
    }
  }
}

/** Run SQL and return the rows of its last statement. The connection is closed again. */
export function runSql(path: string, sql: string): Record<string, SQLOutputValue>[] {
  const connection = new DatabaseSync(path, { timeout: 5000 })
  try {
    const statements = sql.split(';').filter((statement) => statement.trim() !== '')
    for (const statement of statements.slice(0, -1)) connection.prepare(statement).all()
    return connection
      .prepare(statements.at(-1) ?? 'select 1')
      .all()
      .map((row) => ({ ...row }))
  } finally {
    connection.close()
  }
}

export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

export function liveOf(origin: string): string {
  return readlinkSync(origin)
}

export function inodeAt(path: string): number {
  return statSync(path).ino
}

/** Look again and again until it holds, at most `timeoutMs`. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number = HANGS_AFTER_MS,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await sleep(10)
  }
}

export function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, { ...options, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ status, stdout, stderr })
    })
  })
}

function startIn(cwd: string, env: NodeJS.ProcessEnv, program: string, args: readonly string[]): Started {
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      output += `${line}\n`
    })
  }
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? (signal === null ? -1 : 128)))
  })
  return {
    process: child,
    pid: child.pid ?? 0,
    get output() {
      return output
    },
    exit,
    waitFor: async (pattern) => {
      await eventually(
        `${pattern} in the output, which was:\n${output}`,
        () => pattern.test(output) || child.exitCode !== null,
      )
      const found = pattern.exec(output)
      if (found === null) throw new Error(`${pattern} was not in the output:\n${output}`)
      return found
    },
  }
}

/** Holders are not our children: they are found by the leases that they left in our own volume. */
export async function endHolders(volume: string): Promise<void> {
  const leases = readdirSync(volume, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
    const pid = /\/leases\/(\d+)-/.exec(path)?.[1]
    return pid === undefined ? [] : [Number(pid)]
  })
  for (const pid of new Set(leases)) {
    if (pid !== process.pid && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
  }
}
