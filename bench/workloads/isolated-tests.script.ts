import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import createBranchlyDatasource from '@branchly/datasource-sqlite'
import { createTestDatabases } from '../../src/testing/index.ts'
import { migrate } from '../support/sql-migrations.ts'

// Tests one after the other, each of which writes the same primary key, with databases made in one of the ways below from
// ./migrations. Prints how many milliseconds TESTS of them take, of which DONE are run; what is done once is counted
// once: WAY FOLDER TESTS DONE [SYNCHRONOUS]
const [way = '', folder = '', ...rest] = process.argv.slice(2)
const [tests = 0, done = 0] = rest.slice(0, 2).map(Number)
const synchronous = rest[2]
const TESTS_A_FILE = 30
const path = join(folder, 'test.sqlite3')

/** What is done before the first test, and for each of them. */
interface Way {
  before(): Promise<void> | void
  each(test: number): Promise<void> | void
  after?(): Promise<void> | void
}

const WAYS: Readonly<Record<string, () => Promise<Way> | Way>> = {
  migrated: () => ({
    before: () => undefined,
    each: () => {
      migrated(path)
      testOn(path)
    },
  }),
  // Counted in full: how often it is migrated depends on how many tests there are.
  'a-file-each': () => ({
    before: () => undefined,
    each: (test) => {
      if (test % TESTS_A_FILE === 0) migrated(path)
      testOn(path, test)
    },
  }),
  copied: () => {
    const copy = join(folder, 'copy.sqlite3')
    return {
      before: () => migrated(path),
      each: () => {
        copyFileSync(path, copy)
        testOn(copy)
        rmSync(copy)
      },
    }
  },
  branchly: () => {
    const datasource = createBranchlyDatasource({ cwd: folder })
    const fileOf = (key: string): string => datasource.resolve(key).replace(/^file:/, '')
    return {
      before: () => {
        mkdirSync(join(folder, '.branchly/sqlite'), { recursive: true })
        migrated(fileOf('template'))
      },
      each: async () => {
        await datasource.clone('template', 'test')
        testOn(fileOf('test'))
        await datasource.destroy('test')
      },
    }
  },
  'rolled-back': () => {
    migrated(path)
    const connection = new DatabaseSync(path)
    return {
      before: () => undefined,
      each: () => {
        connection.exec('begin')
        work(connection)
        connection.exec('rollback')
      },
      after: () => connection.close(),
    }
  },
  clone: () => devshm(false),
  memory: () => devshm(true),
}

async function devshm(memory: boolean): Promise<Way> {
  const pool = await createTestDatabases({ cwd: process.cwd(), env: process.env })
  return {
    before: () => undefined,
    each: async () => {
      await using db = memory ? await pool.clone({ memory }) : await pool.clone()
      work(db.connect())
    },
    after: async () => await pool[Symbol.asyncDispose](),
  }
}

function migrated(path: string): void {
  rmSync(path, { force: true })
  migrate(path, 'migrations', synchronous)
}

function testOn(path: string, id = 1): void {
  const connection = new DatabaseSync(path)
  if (synchronous !== undefined) connection.exec(`pragma synchronous = ${synchronous}`)
  work(connection, id)
  connection.close()
}

/** The same in each test; where tests share a database they must not. */
function work(connection: DatabaseSync, id = 1): void {
  connection.prepare('insert into thing_0 (id, name) values (?, ?)').run(1000 + id, `made by a test ${id}`)
  const { count } = connection.prepare('select count(*) as count from thing_0 where id >= 1000').get() ?? {}
  if (typeof count !== 'number' || count < 1) throw new Error('the test did not find what it wrote')
}

const open = WAYS[way]
if (open === undefined) throw new Error(`no way: ${way}`)
const started = performance.now()
const chosen = await open()
await chosen.before()
const prepared = performance.now()
for (let test = 0; test < done; test += 1) await chosen.each(test)
const tested = performance.now()
await chosen.after?.()
const once = prepared - started + (performance.now() - tested)
process.stdout.write(JSON.stringify({ ms: once + ((tested - prepared) * tests) / done }))
