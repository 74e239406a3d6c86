import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const SCRIPT = join(import.meta.dirname, 'connection.script.ts')

type Answer = { readonly rows?: Record<string, unknown>[]; readonly failure?: string; readonly opened?: true }

/** A connection that another process has open. Disposing closes it and waits for the process to end. */
export interface ConnectionElsewhere extends AsyncDisposable {
  readonly pid: number
  /** Run statements; the rows of the last one, or an error with SQLite's message. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Close the connection and end its process. */
  close(): Promise<void>
  /** End the process as `kill -9` does. */
  kill(): Promise<void>
}

/** Open a database in another process, which does nothing with it until asked. */
export async function connectElsewhere(path: string, timeoutMs = 0): Promise<ConnectionElsewhere> {
  const child = fork(SCRIPT, [path, String(timeoutMs)], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exit = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  const end = async (how: () => void): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) how()
    await exit
  }
  const close = (): Promise<void> => end(() => child.disconnect())
  const answer = async (): Promise<Answer> => {
    const ended = exit.then((): never => {
      throw new Error('the process with the connection has ended')
    })
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [Answer]
    return message
  }
  await answer()
  return {
    pid: child.pid ?? 0,
    query: async (sql) => {
      child.send({ sql })
      const { rows, failure } = await answer()
      if (rows === undefined) throw new Error(failure)
      return rows
    },
    close,
    kill: () => end(() => child.kill('SIGKILL')),
    [Symbol.asyncDispose]: close,
  }
}
