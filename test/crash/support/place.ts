import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { createFolderOnDisk } from '../../support/django/disk-folder.ts'
import { endHolders, eventually, type Outcome } from '../../support/playground.ts'
import { openElsewhere, type OtherProgram } from '../../support/other-program.ts'
import { createRecorder, type Call, type Shim, type Target } from './shim.ts'
import { describeTree, putTree, takeTree, type Tree } from './tree.ts'

/** How long a command may take before it counts as a hang, in milliseconds. */
const HANGS_AFTER_MS = 60_000

/** A project, a volume and a cache at paths that stay, in which a command is tried again and again. */
export interface Place extends Disposable {
  readonly origin: string
  readonly roots: Readonly<Record<'project' | 'volume' | 'cache' | 'tmp', string>>
  readonly env: NodeJS.ProcessEnv
  /** Run devshm to its end. */
  devshm(...args: string[]): Promise<Outcome>
  /** The same, recorded, and killed or failed where that is ordered. */
  record(args: readonly string[], at?: Target, wrapper?: readonly string[]): Promise<Recorded>
  recordProgram(command: readonly string[], wrapper: readonly string[]): Promise<Recorded>
  /** Open the database in another process, as an app does, and read from it. */
  openApp(): Promise<OtherProgram>
  /** What lies in all of the folders, while no process of ours runs. */
  take(): Tree
  put(tree: Tree): void
  /** By name, as it is called in every run alike. */
  describe(options: { inodes: boolean }): Map<string, string>
  /** Have folders that were begun be so old that they are nobody's: two minutes. */
  letTimePass(): void
  /** Kill the background processes, and wait until they are gone. */
  endHolders(): Promise<void>
}

export interface Recorded extends Outcome {
  readonly calls: readonly Call[]
}

export interface Program {
  readonly shim: Shim
  /** How devshm is started. */
  readonly devshm: readonly string[]
  /** Node.js's cache of compiled code, outside of what is recorded. */
  readonly compiled: string
}

export function createPlace({ shim, devshm, compiled }: Program): Place {
  using cleanUp = new DisposableStack()
  const { path } = cleanUp.use(createFolderOnDisk('devshm-crash-'))
  const disk = realpathSync(path)
  const volume = mkdtempSync('/dev/shm/devshm-crash-')
  cleanUp.defer(() => rmSync(volume, { recursive: true, force: true }))
  const recorder = cleanUp.use(createRecorder(shim))
  const roots = { project: join(disk, 'project'), volume, cache: join(disk, 'cache'), tmp: join(disk, 'tmp') }
  for (const folder of [roots.project, roots.cache, roots.tmp]) mkdirSync(folder, { mode: 0o700 })
  const folders = Object.values(roots)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    DEVSHM_VOLUME: volume,
    DEVSHM_CACHE: roots.cache,
    TMPDIR: roots.tmp,
    SQLITE_TMPDIR: roots.tmp,
    NODE_COMPILE_CACHE: compiled,
    // Calls that libuv hands to the kernel through a ring could not be seen.
    UV_USE_IO_URING: '0',
  }
  const start = (
    command: readonly string[],
    more: NodeJS.ProcessEnv,
    onNote: (text: string) => void = () => undefined,
  ): Promise<Outcome> => runToItsEnd(command, { cwd: roots.project, env: { ...env, ...more } }, onNote)
  const record = async (command: readonly string[], at?: Target): Promise<Recorded> => {
    const outcome = await start(command, recorder.order({ roots, ...(at && { at }) }), (text) => {
      // strace waits for the holder too.
      const holder = /held by pid (\d+)/.exec(text)?.[1]
      if (command[0] === 'strace' && holder !== undefined) process.kill(Number(holder), 'SIGKILL')
    })
    await untilSettled(recorder.calls(), volume)
    return { ...outcome, calls: recorder.calls() }
  }
  const resources = cleanUp.move()
  return {
    origin: join(roots.project, 'db.sqlite3'),
    roots,
    env,
    devshm: (...args) => start([...devshm, ...args], {}),
    record: (args, at, wrapper = []) => record([...wrapper, ...devshm, ...args], at),
    recordProgram: (command, wrapper) => record([...wrapper, ...command]),
    async openApp() {
      const app = await openElsewhere(join(roots.project, 'db.sqlite3'))
      await app.sql('select count(*) from item')
      return app
    },
    take: () => takeTree(folders),
    put: (tree) => putTree(folders, tree),
    describe(options) {
      const found = [...describeTree(folders, options)]
      return new Map(found.map(([each, what]) => [nameOf(each, roots), what]))
    },
    letTimePass() {
      const then = Date.now() / 1000 - 120
      const begun = folders.flatMap((folder) => {
        const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
        return names.filter((name) => /(^|\/)begun-\w{6}$/.test(name)).map((name) => join(folder, name))
      })
      for (const folder of begun) utimesSync(folder, then, then)
    },
    async endHolders() {
      const pids = holdersIn(volume)
      await endHolders(volume)
      for (const pid of pids) await eventually(`the end of ${pid}`, () => !isRunning(pid))
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}

function nameOf(path: string, roots: Readonly<Record<string, string>>): string {
  const [name = '', root = ''] = Object.entries(roots).find(([, each]) => path.startsWith(`${each}/`)) ?? []
  return `${name}${path.slice(root.length)}`
}

function holdersIn(volume: string): number[] {
  return readdirSync(volume, { recursive: true, encoding: 'utf8' }).flatMap((each) => {
    const pid = /\/leases\/(\d+)-\d+\.json$/.exec(each)?.[1]
    return pid === undefined ? [] : [Number(pid)]
  })
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Every process that took part has ended, or is a holder with its lease. */
async function untilSettled(calls: readonly Call[], volume: string): Promise<void> {
  for (const pid of new Set(calls.map((call) => call.pid))) {
    await eventually(`process ${pid} ends or holds`, () => !isRunning(pid) || holdersIn(volume).includes(pid))
  }
}

function runToItsEnd(
  [program = '', ...args]: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
  onNote: (text: string) => void,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => void (output[stream] += text))
    }
    child.stderr.on('data', onNote)
    const hang = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`hangs: ${args.join(' ')}\n${output.stderr}`))
    }, HANGS_AFTER_MS)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(hang)
      resolve({ status: code ?? -1, ...output })
    })
  })
}
