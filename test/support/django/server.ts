import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from './http.ts'
import type { Answer } from './http.ts'
import type { Exit, StartedProcess } from './started-process.ts'

const READY_WITHIN_MS = 60_000
const TRIES = 5

/** A server that answers. Disposing it kills it and everything it started. */
export interface DjangoServer extends AsyncDisposable {
  /** What was started: `manage.py`, or the prefix that runs it. */
  readonly process: StartedProcess
  readonly pid: number
  readonly url: string
  get(path: string): Promise<Answer>
  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer>
  /** As `StartedProcess.stop`, SIGINT by default. */
  stop(signal?: NodeJS.Signals): Promise<Exit>
  /** `kill -9` for the prefix, the server and everything they started, at once. */
  crash(): Promise<void>
}

/**
 * Start a server for development on a free port and wait until it answers HTTP.
 *
 * @param start is given the address, `127.0.0.1:PORT`
 * @throws when the server ends or does not answer in time, with everything it printed
 */
export async function startServer(start: (address: string) => Promise<StartedProcess>): Promise<DjangoServer> {
  for (let attempt = 1; ; attempt += 1) {
    const address = `127.0.0.1:${await findFreePort()}`
    const started = await start(address)
    const url = `http://${address}`
    if (await answers(url, started)) {
      return {
        process: started,
        pid: started.pid,
        url,
        get: (path) => request(new URL(path, url)),
        post: (path, form) => request(new URL(path, url), form),
        stop: (signal) => started.stop(signal),
        crash: () => started.crash(),
        [Symbol.asyncDispose]: () => started.crash(),
      }
    }
    await started.crash()
    // Between finding a free port and using it another process may take it.
    const portWasTaken = /port is already in use/i.test(started.output)
    if (!portWasTaken || attempt === TRIES) {
      throw new Error(`${started.command} did not start to serve:\n${started.output.trimEnd()}`)
    }
  }
}

/** Whether the server answers before it ends. The path is nobody's, so that no view and no query runs. */
async function answers(url: string, server: StartedProcess): Promise<boolean> {
  const deadline = performance.now() + READY_WITHIN_MS
  while (!server.exited && performance.now() < deadline) {
    try {
      await request(new URL('/is-it-there', url))
      return !server.exited
    } catch {
      await delay(20)
    }
  }
  return false
}

async function findFreePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    server.close(() => resolve(port))
  })
  return await promise
}
