import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { DevshmError } from '../errors.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

/** How often another port is tried, when somebody else was faster to take one. */
const TRIES = 3

export interface WhatToServe {
  /** A command line for `/bin/sh`; `{port}` stands for the port. */
  readonly command: string
  /** Absolute. */
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** On top of `env` and of `PORT`; `{port}` in a value stands for the port. */
  readonly variables: Readonly<Record<string, string>>
  /** What is asked for until there is an answer, of whatever status. */
  readonly ready: string
  /** How long that may take, in milliseconds. */
  readonly timeoutMs: number
}

export interface AppServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  /** The end of what it printed. */
  readonly output: string
}

/**
 * Start a server on a free port and wait until it answers. Disposing ends it, with all that it has started.
 *
 * @throws {DevshmError} `SERVER_NOT_READY`, with the end of what it printed
 */
export async function startAppServer(what: WhatToServe): Promise<AppServer> {
  for (let tries = 1; ; tries += 1) {
    const port = await findFreePort()
    const fill = (text: string): string => text.replaceAll('{port}', String(port))
    const variables = Object.entries(what.variables).map(([name, value]) => [name, fill(value)] as const)
    const env = { ...what.env, PORT: String(port), ...Object.fromEntries(variables) }
    const server = startServerProcess(fill(what.command), what.cwd, env)
    const url = `http://127.0.0.1:${port}`
    if (await answers(new URL(what.ready, url), server, what.timeoutMs)) {
      return {
        url,
        get output() {
          return server.output
        },
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      }
    }
    const { hasEnded } = server
    await server[Symbol.asyncDispose]()
    const wasTaken = hasEnded && !(await isFree(port))
    if (!wasTaken || tries === TRIES) throw notReady(what, hasEnded, server.output)
  }
}

async function answers(url: URL, server: ServerProcess, timeoutMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs)
  while (!server.hasEnded && !signal.aborted) {
    try {
      const { body } = await fetch(url, { redirect: 'manual', headers: { connection: 'close' }, signal })
      await body?.cancel()
      // Else it was somebody else's answer.
      return !server.hasEnded
    } catch {
      await sleep(20)
    }
  }
  return false
}

async function isFree(port: number): Promise<boolean> {
  return await findFreePort(port).then(
    () => true,
    () => false,
  )
}

async function findFreePort(wanted = 0): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(wanted, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wanted))
  })
  return await promise
}

function notReady({ command, timeoutMs, ready }: WhatToServe, hasEnded: boolean, output: string): DevshmError {
  const how = hasEnded ? 'ended before it answered' : `did not answer ${ready} within ${timeoutMs / 1_000} s`
  return new DevshmError('SERVER_NOT_READY', `the server ${how}: ${command}\n${output.trimEnd()}`, {
    hint: 'have it listen on 127.0.0.1 and the port in {port}, or in the variable PORT',
    details: { command },
  })
}
