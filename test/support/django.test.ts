import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { expect, test } from 'vitest'
import { createDjangoProject } from './django.ts'

/** A zombie, which its parent has yet to bury, has ended. */
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

test.runIf(process.platform === 'linux')(
  'a project migrates, serves and takes orders, and leaves nothing behind',
  async () => {
    let folder: string
    let pid: number
    {
      await using project = await createDjangoProject()
      folder = project.folder
      await project.manage('migrate')
      await project.manage('loaddata', 'demo')
      const server = await project.startServer()
      pid = server.pid
      expect((await server.get('/')).text).toContain('in stock')
      const order = { email: 'ada@example.com', sku: 'TEA-0007', quantity: '1' }
      expect((await server.post('/api/orders/', order)).status).toBe(201)
    }
    expect(existsSync(folder)).toBe(false)
    expect(isAlive(pid)).toBe(false)
  },
)

test('the example passes its own tests, and its migrations are those of its models', async () => {
  await using project = await createDjangoProject()
  expect((await project.manage('test')).stderr).toContain('OK')
  expect((await project.manage('makemigrations', '--check', '--dry-run')).stdout).toContain('No changes detected')
})

test('the reloader and its server end together, by a signal and by a crash', async () => {
  await using project = await createDjangoProject()
  await project.manage('migrate')
  for (const end of ['stop', 'crash'] as const) {
    const server = await project.startServer({ reload: true, prefix: ['env', 'A=B'] })
    expect((await server.get('/api/products/')).json()).toEqual({ products: [] })
    await server[end]()
    await expect(server.get('/')).rejects.toThrow('no answer')
  }
})

test('what a failing command printed is in the error', async () => {
  await using project = await createDjangoProject()
  await expect(project.manage('teapot')).rejects.toThrow("Unknown command: 'teapot'")
  await expect(project.startServer({ prefix: ['false'] })).rejects.toThrow('did not start to serve')
})

test.runIf(process.platform === 'linux')('what outlives its parent is killed as well', async () => {
  await using project = await createDjangoProject()
  const started = await project.start(['sh', '-c', 'sleep 60 & echo $!'])
  await started.waitForExit()
  const orphan = Number(started.stdout)
  expect(isAlive(orphan)).toBe(true)
  await started.crash()
  await expect.poll(() => isAlive(orphan)).toBe(false)
})
