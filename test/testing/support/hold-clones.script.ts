import { readFileSync } from 'node:fs'
import { createTestDatabases, openTestDatabases, type TestDatabasesHandle } from '../../../src/testing/index.ts'

/**
 * A test worker that makes clones, prints their paths as JSON, and goes on until it is killed:
 *   node hold-clones.script.ts COUNT [FILE WITH A HANDLE]
 */
const [count = '1', file] = process.argv.slice(2)
const pool =
  file === undefined
    ? await createTestDatabases()
    : await openTestDatabases(JSON.parse(readFileSync(file, 'utf8')) as TestDatabasesHandle)
const paths: string[] = []
for (let n = 0; n < Number(count); n += 1) {
  const clone = await pool.clone()
  clone.connect().exec(`insert into item (name) values ('of the worker')`)
  paths.push(clone.path)
}
process.stdout.write(`${JSON.stringify({ paths })}\n`)
process.stdin.resume()
