import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startAppServer, type WhatToServe } from './app-server.ts'

const NODE = JSON.stringify(process.execPath)

function what(command: string): WhatToServe {
  return { command, cwd: import.meta.dirname, env: process.env, variables: {}, ready: '/', timeoutMs: 30_000 }
}

test('a server on a free port, by placeholder or variable; it ends with all that it started', async () => {
  const server =
    `'require("node:http").createServer((_, response) => response.end(process.env.PORT))` +
    `.listen(Number(process.argv[1]), "127.0.0.1", () => console.log("pid", process.pid))'`
  const stubborn = `(trap '' TERM; echo pid $(sh -c 'echo $PPID'); while :; do sleep 1; done) &`
  const app = await startAppServer(what(`${stubborn} ${NODE} -e ${server} {port} & wait`))
  const other = await startAppServer(what(`exec ${NODE} -e ${server} {port}`))
  expect(app.url).toBe(`http://127.0.0.1:${await (await fetch(app.url)).text()}`)
  expect(other.url).not.toBe(app.url)
  const pids = [app, other].flatMap(({ output }) => [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => pid ?? ''))
  expect(pids).toHaveLength(3)
  const isRunning = (pid: string): boolean => existsSync(`/proc/${pid}/exe`)
  expect(pids.filter(isRunning)).toEqual(pids)
  await app[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
  expect(pids.filter(isRunning)).toEqual([])
})

test('a server that ends, or does not answer in time, is told with what it printed', async () => {
  await expect(startAppServer(what('echo no such setting; exit 3'))).rejects.toMatchObject({
    code: 'SERVER_NOT_READY',
    message: 'the server ended before it answered: echo no such setting; exit 3\nno such setting',
    hint: expect.stringContaining('{port}') as string,
  })
  await expect(startAppServer(what('kill -KILL 0'))).rejects.toThrow('the server ended before it answered')
  await expect(startAppServer({ ...what('exec sleep 100'), timeoutMs: 300 })).rejects.toThrow(
    'the server did not answer / within 0.3 s: exec sleep 100',
  )
})
