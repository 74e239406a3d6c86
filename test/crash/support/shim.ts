/**
 * Every call by which devshm and its helpers change files, written down; and, at any one of them, a kill or an error.
 *
 * How to use it:
 *
 *     using shim = await buildShim()                  // compiles ../shim/*.c with gcc, in about a second
 *     using recorder = createRecorder(shim)           // a folder for orders and log
 *     const roots = { project: folder, volume, cache } // real paths; all else is not looked at
 *     const env = { ...playground.env, ...recorder.order({ roots, keepData: true }) }
 *     await run(program, args, { cwd, env })          // and all that it starts
 *     const calls = recorder.calls()                  // in the order in which they came to pass, over all processes
 *
 * A {@link Call} has the path as it was and a `key` that is the same in every run: `rename project/.devshm/… -> …`.
 * With `at: { key, number, blow: 'kill-before' }` the process that makes the call with this key for the `number`-th time
 * (from 1, in all processes together) is killed at it; `fail` with an error of `os.constants.errno` has only the call
 * fail. `order()` begins a new log.
 *
 * Set `NODE_COMPILE_CACHE` to a folder outside, or Node.js's own cache of compiled code is among the calls.
 *
 * For a model of the disk: calls are serialized over all processes and threads, so the log is a total order. `pathWas`
 * and `toWas` are what was at a name before the call (links not followed), `now` is the file after it (of a rename or
 * link: at its new name), `pathFolder` and `toFolder` are the folders that the names are in. Content that was written
 * is `recorder.bytesOf(call)` at `offset`, also for copies by the kernel; `sync` of a folder has its inode in `now`.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PLACEHOLDERS } from './placeholders.ts'

const SOURCES = join(import.meta.dirname, '../shim')

export interface Shim extends Disposable {
  /** For `LD_PRELOAD`. */
  readonly library: string
}

export async function buildShim(): Promise<Shim> {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-shim-'))
  const library = join(folder, 'shim.so')
  const sources = readdirSync(SOURCES)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(SOURCES, name))
  const flags = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', '-Wno-unused-value', '-fno-builtin']
  await promisify(execFile)('gcc', [...flags, '-o', library, ...sources, '-ldl'])
  return { library, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface Target {
  readonly key: string
  /** The first is 1. */
  readonly number: number
  /** `fail-on`: this call and all later ones with its key. */
  readonly blow: 'kill-before' | 'kill-after' | 'fail' | 'fail-on'
  /** For `fail`. */
  readonly errno?: number
}

export interface Orders {
  /** What each folder is called in keys, and its real path. */
  readonly roots: Readonly<Record<string, string>>
  readonly at?: Target
  /** Keep the bytes that are written. */
  readonly keepData?: boolean
}

export interface FileFacts {
  readonly device: number
  readonly inode: number
  readonly mode: number
  readonly size: number
  readonly links: number
}

export type CallKind =
  | 'create'
  | 'empty'
  | 'write'
  | 'copy'
  | 'clone'
  | 'truncate'
  | 'allocate'
  | 'sync'
  | 'sync-range'
  | 'rename'
  | 'link'
  | 'symlink'
  | 'unlink'
  | 'mkdir'
  | 'rmdir'
  | 'mknod'
  | 'chmod'
  | 'chown'
  | 'utimes'
  | 'setxattr'
  | 'mount'
  | 'umount'

export interface Call {
  readonly pid: number
  readonly thread: number
  readonly parent: number
  /** The name of the executable: `node`, `cat`. */
  readonly program: string
  /** `create` is any open with O_CREAT, `empty` one with only O_TRUNC, `copy` is copy_file_range, sendfile or splice. */
  readonly kind: CallKind
  readonly key: string
  readonly happened: 'done' | 'killed before' | 'killed after' | 'refused'
  readonly result: number
  /** `errno`, if it failed. */
  readonly error: number
  readonly path: string
  readonly pathWas?: FileFacts
  readonly pathFolder?: FileFacts
  readonly to?: string
  readonly toWas?: FileFacts
  readonly toFolder?: FileFacts
  /** What a symbolic link says. */
  readonly target?: string
  /** Where in the file, also for a `write` at the descriptor's position. */
  readonly offset?: number
  /** Bytes to be written (`result` has been), or the size to truncate to. */
  readonly length?: number
  readonly mode?: number
  readonly flags: number
  readonly now?: FileFacts
  /** Where its bytes begin in the file of data. */
  readonly data?: number
}

export interface Recorder extends Disposable {
  /** Begin a new log. The variables are for the process to be started. */
  order(orders: Orders): NodeJS.ProcessEnv
  calls(): Call[]
  /** What a call wrote; only with `keepData`. */
  bytesOf(call: Call): Buffer | undefined
}

export function createRecorder(shim: Shim): Recorder {
  const folder = mkdtempSync('/dev/shm/devshm-record-')
  const inFolder = (name: string): string => join(folder, name)
  return {
    order: ({ roots, at, keepData = false }) => {
      for (const name of readdirSync(folder)) rmSync(inFolder(name))
      const lines = [
        `harness ${process.pid}`,
        ...Object.entries(roots).map(([name, path]) => `root ${name} ${path}`),
        ...PLACEHOLDERS.map(([text, pattern]) => `placeholder ${text} ${pattern}`),
        ...(at === undefined ? [] : [`at ${at.number} ${at.key}`, `then ${at.blow} ${at.errno ?? 0}`]),
        ...(keepData ? ['data'] : []),
      ]
      writeFileSync(inFolder('orders'), lines.map((line) => `${line}\n`).join(''))
      for (const name of ['log', 'data']) writeFileSync(inFolder(name), '')
      return { LD_PRELOAD: shim.library, CRASH_SHIM: folder }
    },
    calls: () => {
      const lines = readFileSync(inFolder('log'), 'utf8').split('\n')
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Call)
    },
    bytesOf: ({ data, result }) =>
      data === undefined ? undefined : readFileSync(inFolder('data')).subarray(data, data + result),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
