import { expect, test } from 'vitest'
import { usePublished } from './support/installed.ts'
import { createRunnerProject, keptIn, type RunnerProject } from './support/runner-project.ts'
import { clonesInRam } from './support/test-databases.ts'

const published = usePublished()
const create = (): Promise<RunnerProject> => createRunnerProject('jest', published)

/** Jest runs tests that were fast the last time in its own process; of these it knows nothing yet. */
let caches = 0
function inWorkers(...flags: string[]): string[] {
  caches += 1
  return ['--maxWorkers=2', `--cacheDirectory=node_modules/.jest-${caches}`, ...flags]
}

/** Two of these, run at once, wait for each other while both hold the same primary key. */
const MEETING = (own: string, other: string): string => `
const { existsSync, writeFileSync } = require('node:fs')
const { setTimeout } = require('node:timers/promises')
const { useTestDatabase } = require('devshm/jest')
const db = useTestDatabase()
test('meets the other one', async () => {
  const connection = db.connect()
  connection.exec("insert into products values (100, '${own}', 1)")
  writeFileSync('${own}', '')
  while (!existsSync('${other}')) await setTimeout(5)
  expect(connection.prepare('select name from products where id = 100').all()).toEqual([{ name: '${own}' }])
  expect(process.env.SHOP_DATABASE).toBe(db.path)
}, 30_000)
`

test('in processes, threads and its own process nothing stays in RAM, and two tests hold the same key at once', async () => {
  await using project = await create()
  await project.pass('--runInBand')
  expect(project.inRam()).toEqual([])
  for (const flags of [[], ['--workerThreads']]) {
    project.write('test/a.test.js', MEETING('a', 'b'))
    project.write('test/b.test.js', MEETING('b', 'a'))
    await project.pass(...inWorkers(...flags))
    expect(project.inRam()).toEqual([])
    project.remove('a')
    project.remove('b')
  }
})

test('ES modules and CommonJS get databases alike, for a test, a file or a worker', async () => {
  await using project = await create()
  project.write('esm/package.json', '{ "type": "module" }')
  const body = `
    const [own, ofFile, ofWorker] = ['test', 'file', 'worker'].map((per) => useTestDatabase({ per }))
    const add = (db) => db.connect().exec("insert into products values (100, 'Sieve', 1)")
    const count = (db) => db.connect().prepare('select count(*) as n from products').get().n
    beforeAll(() => add(ofFile))
    test('first', () => {
      add(own)
      if (count(ofWorker) === 2) add(ofWorker)
      expect([own, ofFile, ofWorker].map(count)).toEqual([3, 3, 3])
    })
    test.skip('skipped', () => undefined)
    test('second', () => {
      expect([own, ofFile, ofWorker].map(count)).toEqual([2, 3, 3])
    })
    afterAll(() => {
      expect(() => own.path).toThrow(/is there only while tests run/)
    })`
  project.write('esm/module.test.js', `import { useTestDatabase } from 'devshm/jest'\n${body}`)
  project.write('test/common.test.js', `const { useTestDatabase } = require('devshm/jest')\n${body}`)
  project.env['NODE_OPTIONS'] = '--experimental-vm-modules'
  await project.pass('module', 'common')
})

test('the database of a failed test is kept, and the line that is printed compares it with the template', async () => {
  await using project = await create()
  project.write(
    'test/fails.test.js',
    `const { useTestDatabase } = require('devshm/jest')
     const db = useTestDatabase()
     test('passes', () => db.connect().exec("insert into products values (7, 'no', 1)"))
     test('fails', () => {
       db.connect().exec("insert into products values (7, 'Sieve', 1)")
       throw new Error('on purpose')
     })
     afterEach(() => {
       if (db.name.includes('passes')) return
       db.connect().exec("insert into products values (8, 'by a hook', 1)")
     })`,
  )
  const { status, stderr } = await project.test('fails')
  expect(status).toBe(1)
  const [kept, ...others] = keptIn(stderr)
  expect(others).toEqual([])
  const { stdout } = await project.command('sh', '-c', kept?.command ?? 'false')
  expect(stdout).toMatch(/Sieve/)
  expect(stdout).toMatch(/by a hook/)
  expect(project.inRam()).toEqual([])
})

test('what a killed worker leaves goes with the run, what a killed Jest leaves with the next one', async () => {
  await using project = await create()
  const dies = (how: string): string =>
    `const { useTestDatabase } = require('devshm/jest')
     const db = useTestDatabase()
     test('is killed', async () => {
       db.connect().exec("insert into products values (7, 'Sieve', 1)")
       ${how}
       await new Promise((resolve) => setTimeout(resolve, 60_000))
     }, 60_000)`
  project.write('test/dies.test.js', dies(`process.kill(process.pid, 'SIGKILL')`))
  const run = await project.test(...inWorkers())
  expect(run.status).toBe(1)
  expect(run.stderr).toMatch(/1 failed, 2 passed/)
  expect(project.inRam()).toEqual([])

  project.write('test/dies.test.js', dies(`require('node:fs').writeSync(2, 'now\\n')`))
  const started = project.start('node_modules/.bin/jest', '--runInBand', 'dies')
  await started.waitFor(/now/)
  started.process.kill('SIGKILL')
  await started.exit
  expect(clonesInRam(project)).not.toEqual([])
  await project.pass('place-order')
  expect(project.inRam()).toEqual([])
})

test('with --watchAll a new migration runs the tests again, on a new template; a broken one fails them until it is put right', async () => {
  await using project = await create()
  project.write(
    'test/tables.test.js',
    `const { useTestDatabase } = require('devshm/jest')
     const db = useTestDatabase()
     test('tables', () => {
       const rows = db.connect().prepare("select name from sqlite_schema where type = 'table'").all()
       require('node:fs').writeSync(2, 'tables: ' + rows.map(({ name }) => name) + '\\n')
     })`,
  )
  const migration = (table: string): string =>
    `exports.up = (knex) => knex.schema.${table}\nexports.down = () => undefined\n`
  const watching = project.start('node_modules/.bin/jest', '--watchAll', '--runInBand')
  await watching.waitFor(/tables: .*orders/)
  // What is changed before Jest says that it has ended, with an empty line, is lost on it.
  await watching.waitFor(/Ran all test suites\.\n\n/)
  project.write('migrations/20260104090000_reviews.js', migration(`createTable('reviews', (t) => t.increments())`))
  await watching.waitFor(/tables: .*reviews[^]*Ran all test suites\.\n\n/)
  project.write('migrations/20260105090000_suppliers.js', migration(`createTable('orders', (t) => t.increments())`))
  await watching.waitFor(/DevshmError: the step of the set-up[^]*Ran all test suites\.\n\n/)
  project.write('migrations/20260105090000_suppliers.js', migration(`createTable('suppliers', (t) => t.increments())`))
  await watching.waitFor(/tables: .*suppliers/)
})

test('a thousand tests leave no files, no open files and no RAM behind', async () => {
  await using project = await create()
  project.write(
    'test/many.test.js',
    `const { readdirSync } = require('node:fs')
     const { dirname } = require('node:path')
     const { useTestDatabase } = require('devshm/jest')
     const db = useTestDatabase()
     const openFiles = () => readdirSync('/proc/self/fd').length
     let before
     test.each(Array.from({ length: 1000 }, (_, n) => n))('%i', () => {
       db.connect().exec('insert into products select null, hex(randomblob(1000)), 1 from products')
       before ??= openFiles()
       // Released ones are removed many at a time.
       expect(readdirSync(dirname(dirname(db.path))).length).toBeLessThan(140)
       expect(openFiles()).toBeLessThan(before + 10)
     })`,
  )
  await project.pass('many')
  expect(project.inRam()).toEqual([])
})
