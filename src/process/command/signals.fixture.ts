import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'

/** Only for tests: see signals.driver.ts. */
export const driverPath: string = join(import.meta.dirname, 'signals.driver.ts')

export interface DriverOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** `signals.driver.ts` as a process without a terminal, leading a process group of its own. */
export interface Driver extends AsyncDisposable {
  readonly pid: number
  /** What the command has written to standard output so far. */
  readonly output: string
  /** What the driver told on standard error, one object a line. */
  readonly facts: readonly unknown[]
  /** Its exit status, once all output is here; -1 if a signal ended it. */
  readonly exit: Promise<number>
  readonly stdin: NodeJS.WritableStream
  waitForOutput(pattern: RegExp | string): Promise<void>
  waitForFact(fact: object): Promise<void>
  /** The pid of the sentinel that has taken up its post: a signal to the group is now told from one to the driver. */
  sentinelStands(): Promise<number>
}

export function startDriver(command: readonly string[], options: DriverOptions = {}): Driver {
  return startGroup(process.execPath, [driverPath, ...command], options)
}

/** Like {@link startDriver} for a program that starts the driver itself. */
export function startGroup(program: string, args: readonly string[], options: DriverOptions = {}): Driver {
  const child = spawn(program, args, {
    detached: true,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${program} could not be started`)
  // What a test holds with `using` is not disposed when the test times out.
  onTestFinished(() => killGroup(pid))
  let output = ''
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text))
  const exit = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1))
  const facts = (): unknown[] => told.split('\n').filter(Boolean).map(parseOrText)
  const poll = { timeout: 30_000, interval: 5 }

  return {
    pid,
    exit,
    stdin: child.stdin,
    get output() {
      return output
    },
    get facts() {
      return facts()
    },
    async waitForOutput(pattern) {
      const arrived = (): void =>
        typeof pattern === 'string' ? expect(output).toBe(pattern) : expect(output).toMatch(pattern)
      await expect.poll(() => (arrived(), true), poll).toBe(true)
    },
    async waitForFact(fact) {
      await expect.poll(facts, poll).toContainEqual(fact)
    },
    async sentinelStands() {
      await expect.poll(() => sentinelIn(pid), poll).toBeTypeOf('number')
      // The driver counts it only from its next turns of the event loop: once it has nothing more to do.
      await expect.poll(() => isIdle(pid), poll).toBe(true)
      return sentinelIn(pid) ?? Number.NaN
    },
    async [Symbol.asyncDispose]() {
      killGroup(pid)
      await exit
    },
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended already.
  }
}

/** Whether the main thread of a process waits for something to happen. */
function isIdle(pid: number): boolean {
  return /^\d+ \(.*\) S /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

/** The sentinel is the `cat` of the group; one that was hit, and has not come to fall yet, stands no more. */
function sentinelIn(group: number): number | undefined {
  if (!existsSync('/proc/self')) return undefined
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const [, program, fields = ''] = /^\d+ \((.*)\) (.*)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
      const [state, , processGroup] = fields.split(' ')
      if (program !== 'cat' || state === 'Z' || Number(processGroup) !== group) continue
      if (!/^(?:SigPnd|ShdPnd):\t0*[1-9a-f]/m.test(readFileSync(`/proc/${name}/status`, 'utf8'))) return Number(name)
    } catch {
      // It ended meanwhile.
    }
  }
  return undefined
}

function parseOrText(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return line
  }
}
