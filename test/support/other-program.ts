import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** Started from its own folder: its command line is the same wherever the repository lies, so that screens can show it. */
const SCRIPT = 'other-program.py'

/** A Python program with a connection of its own, as an app would have. It ends with its scope, by its pid. */
export interface OtherProgram extends AsyncDisposable {
  readonly pid: number
  /** Run one statement. It never waits for a lock: that is an error at once. */
  sql(statement: string): Promise<unknown[][]>
  /** Run several statements. */
  script(statements: string): Promise<void>
  /** Run a script over and over, as fast as it goes, until the program is killed. Returns once it succeeded first. */
  repeat(script: string): Promise<void>
  /** Close the connection; the program goes on. */
  close(): Promise<void>
  /** Open the same database anew. */
  reopen(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
}

/** Open a database in another process. Nothing is asked of it yet: such a connection holds no lock. */
export async function openElsewhere(path: string, options: { timeoutMs?: number } = {}): Promise<OtherProgram> {
  const child = spawn('/usr/bin/python3', [SCRIPT], { cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  const ask = async (request: object): Promise<unknown[][]> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const { done, value } = await answers.next()
    if (done === true) throw new Error('the other program has ended')
    const answer = JSON.parse(value) as { rows: unknown[][] } | { error: string }
    if ('error' in answer) throw new Error(answer.error)
    return answer.rows
  }
  const reopen = async (): Promise<void> =>
    void (await ask({ open: resolve(path), timeout: (options.timeoutMs ?? 0) / 1000 }))
  await reopen()
  return {
    reopen,
    pid: child.pid ?? 0,
    sql: (sql) => ask({ sql }),
    script: async (script) => void (await ask({ script })),
    repeat: async (repeat) => void (await ask({ repeat })),
    close: async () => void (await ask({ close: true })),
    kill,
    [Symbol.asyncDispose]: kill,
  }
}
