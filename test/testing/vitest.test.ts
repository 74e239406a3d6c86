import { expect, test } from 'vitest'
import { usePublished } from './support/installed.ts'
import { createRunnerProject, keptIn, type RunnerProject } from './support/runner-project.ts'
import { clonesInRam } from './support/test-databases.ts'

const published = usePublished()
const create = (): Promise<RunnerProject> => createRunnerProject('vitest', published)

/** Two of these, run at once, wait for each other while both hold the same primary key. */
const MEETING = (own: string, other: string): string => `
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { test } from 'devshm/vitest'
import { expect } from 'vitest'
test('meets the other one', async ({ db }) => {
  const connection = db.connect()
  connection.exec("insert into product values (100, '${own}', 1)")
  writeFileSync('${own}', '')
  while (!existsSync('${other}')) await setTimeout(5)
  expect(connection.prepare('select name from product where id = 100').all()).toEqual([{ name: '${own}' }])
}, 30_000)
`

test('in every kind of worker two tests hold the same key at once, and nothing stays in RAM', async () => {
  await using project = await create()
  for (const flags of [[], ['--pool=threads'], ['--pool=vmThreads'], ['--no-isolate']]) {
    project.write('test/a.test.js', MEETING('a', 'b'))
    project.write('test/b.test.js', MEETING('b', 'a'))
    await project.pass('--maxWorkers=2', ...flags)
    expect(project.inRam()).toEqual([])
    project.remove('a')
    project.remove('b')
  }
})

test('shards that start at once build the template once, and do not remove what the other uses', async () => {
  await using project = await create()
  await Promise.all([project.pass('--shard=1/2'), project.pass('--shard=2/2')])
  const { stdout } = await project.devshm('template', 'list', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ layers: [{}] })
  expect(project.inRam()).toEqual([])
})

test('the database of a failed test is kept, and the line that is printed compares it with the template', async () => {
  await using project = await create()
  project.write(
    'test/fails.test.js',
    `import { test } from 'devshm/vitest'
     test('passes', async ({ db }) => { db.connect().exec("insert into product values (7, 'no', 1)") })
     test('fails', async ({ db }) => {
       db.connect().exec("insert into product values (7, 'Sieve', 1)")
       throw new Error('on purpose')
     })
     test.fails('is meant to', async ({ db }) => { throw new Error('on purpose') })
     test('shares', async ({ fileDb, workerDb }) => {
       fileDb.connect().exec("insert into product values (8, 'of the file', 1)")
       workerDb.connect().exec("insert into product values (9, 'of the worker', 1)")
       throw new Error('on purpose')
     })`,
  )
  const { status, stderr } = await project.test('fails')
  expect(status).toBe(1)
  const compared = await Promise.all(keptIn(stderr).map(({ command }) => project.command('sh', '-c', command)))
  const all = compared.map(({ stdout }) => stdout).join('')
  expect(compared).toHaveLength(3)
  expect(all).toMatch(/Sieve/)
  expect(all).toMatch(/of the file/)
  expect(all).toMatch(/of the worker/)
  expect(project.inRam()).toEqual([])
})

test('what a killed worker leaves goes with the run, what a killed Vitest leaves with the next one', async () => {
  await using project = await create()
  const dies = (how: string): string =>
    `import { test } from 'devshm/vitest'
     test('is killed', async ({ db }) => {
       db.connect().exec("insert into product values (7, 'Sieve', 1)")
       ${how}
       await new Promise((resolve) => setTimeout(resolve, 60_000))
     }, 60_000)`
  project.write('test/dies.test.js', dies(`process.kill(process.pid, 'SIGKILL')`))
  project.write('test/exits.test.js', dies(`process.reallyExit(0)`))
  const run = await project.test()
  expect(run.status).toBe(1)
  expect(run.stdout).toMatch(/2 passed/)
  expect(project.inRam()).toEqual([])

  project.write('test/dies.test.js', dies(`console.log('now')`))
  const started = project.start(
    'node_modules/.bin/vitest',
    'run',
    '--pool=threads',
    '--disable-console-intercept',
    'dies',
  )
  await started.waitFor(/now/)
  started.process.kill('SIGKILL')
  await started.exit
  expect(clonesInRam(project)).not.toEqual([])
  await project.pass('place-order')
  expect(project.inRam()).toEqual([])
})

test('with --watch a new migration runs the tests again, on a new template; a broken one fails them until it is put right', async () => {
  await using project = await create()
  project.write(
    'test/tables.test.js',
    `import { test } from 'devshm/vitest'
     test('tables', ({ db }) => {
       const rows = db.connect().prepare("select name from sqlite_schema where type = 'table'").all()
       console.log('tables: ' + rows.map(({ name }) => name))
     })`,
  )
  const migration = (table: string): string =>
    `export const up = (db) => db.schema.createTable('${table}').addColumn('id', 'integer').execute()`
  const watching = project.start('node_modules/.bin/vitest', '--watch')
  await watching.waitFor(/tables: .*order/)
  await watching.waitFor(/Waiting for file changes/)
  project.write('migrations/004_reviews.ts', migration('review'))
  await watching.waitFor(/tables: .*review/)
  project.write('migrations/005_suppliers.ts', migration('order'))
  await watching.waitFor(/DevshmError: the step of the set-up/)
  project.write('migrations/005_suppliers.ts', migration('supplier'))
  await watching.waitFor(/tables: .*supplier/)
})

test('a thousand tests leave no files, no open files and no RAM behind', async () => {
  await using project = await create()
  project.write(
    'test/many.test.js',
    `import { readdirSync } from 'node:fs'
     import { dirname } from 'node:path'
     import { test } from 'devshm/vitest'
     import { expect } from 'vitest'
     const openFiles = () => readdirSync('/proc/self/fd').length
     let before
     test.for(Array.from({ length: 1000 }, (_, n) => n))('%i', (n, { db }) => {
       db.connect().exec('insert into product select null, hex(randomblob(1000)), 1 from product')
       before ??= openFiles()
       // Released ones are removed many at a time.
       expect(readdirSync(dirname(dirname(db.path))).length).toBeLessThan(140)
       expect(openFiles()).toBeLessThan(before + 10)
     })`,
  )
  await project.pass('many')
  expect(project.inRam()).toEqual([])
})
