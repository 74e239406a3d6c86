import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createShellProject } from '../template/support/shell-project.ts'
import { clonesInRam, createProjectWithPool, openPool } from './support/test-databases.ts'

test('1,000 clones in a row: memory, files and RAM stay flat', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const folders = new Set<string>()
  let most = 0
  const round = async (): Promise<number> => {
    for (let n = 0; n < 250; n += 1) {
      await using clone = await pool.clone()
      const connection = clone.connect()
      connection.exec(`pragma journal_mode = wal; insert into item (name) values ('x')`)
      folders.add(clone.path)
      if (n % 25 === 0) most = Math.max(most, project.inRam().length)
    }
    // Time for what is waiting, as between tests.
    await sleep(0)
    return process.memoryUsage().rss
  }
  const descriptors = readdirSync('/proc/self/fd').length
  const memory = [await round(), await round(), await round(), await round()]
  expect(folders.size).toBe(1_000)
  // A clone is a folder and a file; at most 128 wait to be removed.
  expect(most).toBeLessThan(2 * 128 + 20)
  expect(readdirSync('/proc/self/fd').length).toBeLessThan(descriptors + 10)
  expect((memory[3] ?? 0) - (memory[0] ?? 0)).toBeLessThan(30_000_000)
  await pool[Symbol.asyncDispose]()
  expect(project.inRam()).toEqual([])
})

test('large clones do not pile up: at most 64 MB wait to be removed', async () => {
  await using project = await createShellProject()
  const run = `sqlite3 "$APP_DB" "create table big (x); insert into big values (zeroblob(9000000))"`
  project.configure({ setup: [{ run, inputs: [] }] })
  await using pool = await openPool(project)
  for (let n = 0; n < 20; n += 1) {
    await using _clone = await pool.clone()
    expect(clonesInRam(project).length).toBeLessThanOrEqual(8)
  }
})

test('a template is built once for all processes that want it at the same time', async () => {
  await using project = await createShellProject()
  const script = "import { createTestDatabases } from '#'; await using pool = await createTestDatabases(); "
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, () =>
      project.command(
        process.execPath,
        '--input-type=module',
        '-e',
        `${script.replace('#', new URL('../../src/testing/index.ts', import.meta.url).href)}
         await using clone = await pool.clone({ memory: true })
         console.log(clone.connect().prepare('select count(*) as n from item').get().n)`,
      ),
    ),
  )
  expect(outcomes).toEqual(outcomes.map(() => ({ status: 0, stdout: '2\n', stderr: '' })))
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
})
