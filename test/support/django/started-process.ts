import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { familyOf, signalAll } from './process-family.ts'

const ORPHANED_OUTPUT_MS = 1000

export interface StartOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/**
 * A real process with what it printed so far. Disposing it kills it and everything it started, also what outlived it,
 * and returns when the process is gone.
 */
export interface StartedProcess extends AsyncDisposable {
  readonly pid: number
  readonly command: string
  readonly stdout: string
  readonly stderr: string
  /** Both streams, as a person would have seen them. */
  readonly output: string
  readonly exited: boolean
  /** Wait for its end, with its output complete (one second of it, where an orphan goes on printing). @throws when it takes longer than `timeoutMs` */
  waitForExit(timeoutMs?: number): Promise<Exit>
  /** Resolves as soon as `output` matches. @throws when the process ends, or `timeoutMs` passes, without */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<void>
  /** Signal this process alone, and wait for it to end. @throws when it does not within `timeoutMs` */
  stop(signal?: NodeJS.Signals, timeoutMs?: number): Promise<Exit>
  /** `kill -9` for this process and everything it started, at once. */
  crash(): Promise<void>
}

/** Start a command in a session of its own. @throws when it cannot be started at all */
export async function startProcess(command: readonly string[], options: StartOptions): Promise<StartedProcess> {
  const [file = '', ...args] = command
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, PYTHONUNBUFFERED: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const printed = { stdout: '', stderr: '', output: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
      printed.output += text
    })
  }
  let ended = false
  let allRead = false
  const over = Promise.withResolvers<Exit>()
  child.once('exit', (code, signal) => {
    ended = true
    // What outlived it may keep its output open for ever.
    void delay(ORPHANED_OUTPUT_MS, undefined, { ref: false }).then(() => over.resolve({ code, signal }))
  })
  child.once('close', (code, signal) => over.resolve({ code, signal }))
  void over.promise.then(() => (allRead = true))
  await once(child, 'spawn')
  const pid = child.pid ?? Number.NaN
  const name = command.join(' ')
  const whatItPrinted = (): string => (printed.output.trim() === '' ? '' : `:\n${printed.output.trimEnd()}`)

  const waitForExit = async (timeoutMs = 120_000): Promise<Exit> => {
    const deadline = new AbortController()
    const late = delay(timeoutMs, undefined, { signal: deadline.signal }).then(() => {
      throw new Error(`${name} has not ended after ${timeoutMs} ms${whatItPrinted()}`)
    })
    try {
      return await Promise.race([over.promise, late])
    } finally {
      deadline.abort()
      late.catch(() => undefined)
    }
  }

  let killed: Promise<unknown> | undefined
  const crash = async (): Promise<void> => {
    if (killed === undefined) signalAll(familyOf(pid, ended), 'SIGKILL')
    await (killed ??= waitForExit())
  }

  return {
    pid,
    command: name,
    get stdout() {
      return printed.stdout
    },
    get stderr() {
      return printed.stderr
    },
    get output() {
      return printed.output
    },
    get exited() {
      return ended
    },
    waitForExit,
    crash,
    [Symbol.asyncDispose]: crash,

    async waitForOutput(pattern, timeoutMs = 30_000) {
      const deadline = performance.now() + timeoutMs
      while (!pattern.test(printed.output)) {
        if (allRead) throw new Error(`${name} ended without printing ${pattern}${whatItPrinted()}`)
        if (performance.now() > deadline) throw new Error(`${name} did not print ${pattern}${whatItPrinted()}`)
        await delay(10)
      }
    },

    async stop(signal = 'SIGINT', timeoutMs = 30_000) {
      if (!ended) process.kill(pid, signal)
      return await waitForExit(timeoutMs)
    },
  }
}
