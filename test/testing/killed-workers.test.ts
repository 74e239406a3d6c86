import { existsSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { openTestDatabases } from '../../src/testing/index.ts'
import type { Started } from '../support/playground.ts'
import { createShellProject, type ShellProject } from '../template/support/shell-project.ts'
import { clonesInRam, createProjectWithPool, openPool } from './support/test-databases.ts'

const SCRIPT = join(import.meta.dirname, 'support/hold-clones.script.ts')
const THREAD = join(import.meta.dirname, 'support/clone-in-thread.script.ts')

/** A worker that holds clones, and their paths. */
async function startWorker(project: ShellProject, ...args: string[]): Promise<{ worker: Started; paths: string[] }> {
  const worker = project.start(process.execPath, SCRIPT, ...args)
  const [line] = await worker.waitFor(/^\{.*\}$/m)
  return { worker, ...(JSON.parse(line) as { paths: string[] }) }
}

async function kill({ process: child, exit }: Started): Promise<void> {
  child.kill('SIGKILL')
  await exit
}

test('whoever starts next removes what a killed worker left, and nothing of one that runs', async () => {
  await using project = await createShellProject()
  const killed = await startWorker(project, '3')
  const living = await startWorker(project, '2')
  await kill(killed.worker)
  expect(clonesInRam(project)).toHaveLength(5)
  await using pool = await openPool(project)
  expect(killed.paths.filter((path) => existsSync(path))).toEqual([])
  expect(project.sql('select count(*) as n from item', living.paths[0])).toEqual([{ n: 3 }])
  await using clone = await pool.clone()
  expect(existsSync(clone.path)).toBe(true)
})

test('a worker with a handle clones without planning; what it leaves when killed goes while the pool goes on', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const file = join(project.cache, 'handle.json')
  writeFileSync(file, JSON.stringify(pool.handle))
  // Whatever becomes of the project now, the pool is of one template.
  project.write('migrations/002.sql', 'create table later (x);')
  const { worker, paths } = await startWorker(project, '2', file)
  expect(project.sql('select group_concat(name) as names from item', paths[1])).toEqual([
    { names: 'one,two,of the worker' },
  ])
  const other = await startWorker(project, '1', file)
  await kill(worker)
  await using own = await openTestDatabases(pool.handle)
  expect(paths.filter((path) => existsSync(path))).toEqual([])
  expect(existsSync(other.paths[0] ?? '')).toBe(true)
  await using clone = await own.clone()
  expect(clone.isInRam).toBe(true)
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
})

test('when the owner is killed, a worker of its pool keeps its clones until it has ended too', async () => {
  await using project = await createShellProject()
  const owner = project.start(
    process.execPath,
    '--input-type=module',
    '-e',
    `import { createTestDatabases } from ${JSON.stringify(join(import.meta.dirname, '../../src/testing/index.ts'))}
     const pool = await createTestDatabases()
     console.log(JSON.stringify(pool.handle))
     process.stdin.resume()`,
  )
  const file = join(project.cache, 'handle.json')
  writeFileSync(file, (await owner.waitFor(/^\{.*\}$/m))[0])
  const { worker, paths } = await startWorker(project, '1', file)
  await kill(owner)
  await (await openPool(project))[Symbol.asyncDispose]()
  expect(paths.filter((path) => existsSync(path))).toEqual(paths)
  await kill(worker)
  await (await openPool(project))[Symbol.asyncDispose]()
  expect(project.inRam()).toEqual([])
})

test('the end of the pool takes the clones of idle workers with it', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const own = await openTestDatabases(pool.handle)
  const clone = await own.clone()
  await pool[Symbol.asyncDispose]()
  expect(existsSync(clone.path)).toBe(false)
  await expect(own.clone()).rejects.toMatchObject({ code: 'USAGE' })
  await expect(openTestDatabases(pool.handle)).rejects.toMatchObject({ code: 'USAGE' })
  await own[Symbol.asyncDispose]()
  expect(project.inRam()).toEqual([])
})

test.skipIf(process.platform !== 'linux')(
  'a terminated thread is told from its process: its clones go, those of others stay',
  async () => {
    await using both = await createProjectWithPool()
    const { pool, project } = both
    const start = async (): Promise<{ thread: Worker; path: string }> => {
      const thread = new Worker(THREAD, { workerData: pool.handle })
      const [path] = (await once(thread, 'message')) as [string]
      return { thread, path }
    }
    const [one, two] = [await start(), await start()]
    try {
      await one.thread.terminate()
      await using _later = await openTestDatabases(pool.handle)
      expect([one, two].map(({ path }) => existsSync(path))).toEqual([false, true])
      expect(project.sql('select count(*) as n from item', two.path)).toEqual([{ n: 3 }])
    } finally {
      await two.thread.terminate()
    }
  },
)
