import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { eventually, type Playground } from './playground.ts'

/** A real process that may be killed at any moment. */
export interface Doomed {
  readonly pid: number
  /** What it has printed on standard error so far, and whoever shares that with it. */
  readonly errors: string
  /** Its exit status, or -1 if it was killed. An orphan of it may go on. */
  readonly exit: Promise<number>
  /** How long it took until its end, in milliseconds. */
  readonly ms: number | undefined
  /** Close its standard input: a ledger's writer ends by that, an orphan too. */
  end(): void
}

export function startDoomed(
  { folder, env }: Pick<Playground, 'folder' | 'env'>,
  [program = '', ...args]: readonly string[],
): Doomed {
  const started = performance.now()
  const child = spawn(program, args, { cwd: folder, env, stdio: ['pipe', 'ignore', 'pipe'] })
  let errors = ''
  let ms: number | undefined
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdin.on('error', () => {
    // It has been killed.
  })
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      ms = performance.now() - started
      // What it wrote last may still be on its way.
      setImmediate(() => setImmediate(() => resolve(code ?? -1)))
    })
  })
  return {
    pid: child.pid ?? 0,
    exit,
    get errors() {
      return errors
    },
    get ms() {
      return ms
    },
    end: () => child.stdin.end(),
  }
}

/** Whether a process still runs that was started with `word` in its command line; a pid alone may be anybody's by now. */
export function runs(pid: number | undefined, word: string): pid is number {
  if (pid === undefined) return false
  return readIfThere(`/proc/${pid}/cmdline`).includes(word) && !/\) [ZX]/.test(readIfThere(`/proc/${pid}/stat`))
}

/** @returns whether it was still running */
export async function killIfRunning(pid: number | undefined, word: string): Promise<boolean> {
  if (!runs(pid, word)) return false
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
  await eventually(`process ${pid} has ended`, () => !runs(pid, word))
  return true
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
