import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createShellProject, type ShellProject } from '../template/support/shell-project.ts'
import { install, usePublished } from './support/installed.ts'
import { clonesInRam } from './support/test-databases.ts'

const published = usePublished()

const BEGIN = `
import assert from 'node:assert/strict'
import test, { describe, it } from 'node:test'
import { useTestDatabases } from 'devshm/node-test'

const databases = useTestDatabases()
`

const WRITES_THE_SAME_KEY = `${BEGIN}
describe('two at once', { concurrency: true }, () => {
  const both = [Promise.withResolvers(), Promise.withResolvers()]
  for (const mine of [0, 1]) {
    it(\`test \${mine}\`, async (t) => {
      const connection = (await databases.forTest(t)).connect()
      connection.exec('begin immediate')
      connection.prepare('insert into item (id, name) values (3, ?)').run(String(mine))
      both[mine].resolve()
      await both[1 - mine].promise
      connection.exec('commit')
      assert.deepEqual({ ...connection.prepare('select name from item where id = 3').get() }, { name: String(mine) })
    })
  }
})
`

async function createProject(tests: Readonly<Record<string, string>>): Promise<ShellProject> {
  const project = await createShellProject()
  install(project.folder, published)
  for (const [name, text] of Object.entries(tests)) project.write(name, text)
  return project
}

test.for(['process', 'none'])('tests that write the same key at once, in files of isolation %s, pass', async (how) => {
  await using project = await createProject({ 'a.test.mjs': WRITES_THE_SAME_KEY, 'b.test.mjs': WRITES_THE_SAME_KEY })
  const outcome = await project.command(process.execPath, '--test', `--test-isolation=${how}`, '--test-reporter=tap')
  expect(outcome, outcome.stdout).toMatchObject({ status: 0, stdout: expect.stringContaining('# pass 4') as string })
  expect(project.inRam()).toEqual([])
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
})

test('the database of a failed test is kept, and the command that is printed says what it did', async () => {
  await using project = await createProject({
    'fails.test.mjs': `${BEGIN}
      const shared = await databases.forFile()
      shared.connect().exec("insert into item values (50, 'of the file')")
      test('passes', async (t) => void (await databases.forTest(t)))
      test('is about to fail', async (t) => {
        const db = await databases.forTest(t)
        db.connect().exec("insert into item values (60, 'of the test')")
        await t.test('here', async (t) => {
          const db = await databases.forTest(t, { memory: true })
          db.connect().exec("insert into item values (70, 'of the subtest')")
          assert.equal(1, 2)
        })
      })`,
  })
  const outcome = await project.command(process.execPath, '--test', '--test-reporter=tap')
  expect(outcome.status).toBe(1)
  const commands = [...outcome.stdout.matchAll(/^ *# +devshm (diff .*)$/gm)].map(
    ([, command]) => command?.split(' ') ?? [],
  )
  const diffs = await Promise.all(commands.map((command) => project.devshm(...command)))
  expect(diffs.map(({ stdout }) => /of the \w+/.exec(stdout)?.[0])).toEqual([
    'of the subtest',
    'of the test',
    'of the file',
  ])
  expect(project.inRam()).toEqual([])
})

test('what a killed file leaves is removed by the next start', async () => {
  await using project = await createProject({
    'hangs.test.mjs': `${BEGIN}
      test('hangs', async (t) => {
        const db = await databases.forTest(t)
        db.connect().exec('begin immediate; delete from item')
        console.log('pid', process.pid)
        await new Promise((resolve) => setTimeout(resolve, 1e6))
      })`,
    'passes.test.mjs': `${BEGIN} test('passes', async (t) => void (await databases.forTest(t)))`,
  })
  const running = project.start(process.execPath, '--test', 'hangs.test.mjs')
  const pid = Number((await running.waitFor(/pid (\d+)/))[1])
  process.kill(pid, 'SIGKILL')
  await running.exit
  expect(clonesInRam(project)).toHaveLength(1)
  expect(await project.command(process.execPath, '--test', 'passes.test.mjs')).toMatchObject({ status: 0 })
  expect(project.inRam()).toEqual([])
})

test('--watch: the run after a new migration has it', async () => {
  await using project = await createProject({
    'columns.test.mjs': `${BEGIN}
      test('columns', async (t) => {
        const db = await databases.forTest(t)
        console.log('columns:', db.connect().prepare('pragma table_info(item)').all().map(({ name }) => name).join())
      })`,
  })
  const running = project.start(process.execPath, '--test', '--watch')
  await running.waitFor(/columns: id,name\n/)
  await running.waitFor(/duration_ms/)
  project.write('migrations/002.sql', 'alter table item add price integer;')
  appendFileSync(join(project.folder, 'columns.test.mjs'), '// saved again\n')
  await running.waitFor(/columns: id,name,price\n/)
  running.process.kill('SIGINT')
  await once(running.process, 'close')
})

test('a thousand tests in a row: as many files and as much memory at the end as after some', async () => {
  await using project = await createProject({
    'many.test.mjs': `${BEGIN}
      import { readdirSync } from 'node:fs'
      const files = () => readdirSync(process.env.DEVSHM_VOLUME, { recursive: true }).length
      const seen = []
      for (let n = 0; n < 1000; n += 1) {
        test('test ' + n, async (t) => {
          const db = await databases.forTest(t)
          const connection = db.connect()
          connection.prepare('insert into item (id, name) values (3, ?)').run('x'.repeat(10_000))
          assert.equal(connection.prepare('select count(*) as n from item').get().n, 3)
          if (n % 250 === 249) seen.push({ files: files(), rss: process.memoryUsage.rss() })
        })
      }
      test('flat', () => {
        assert.ok(Math.max(...seen.map(({ files }) => files)) < 600, JSON.stringify(seen))
        assert.ok(seen[3].rss - seen[0].rss < 60_000_000, JSON.stringify(seen))
      })`,
  })
  const outcome = await project.command(process.execPath, '--test', '--test-reporter=tap')
  expect(outcome.status, outcome.stdout.slice(-3000)).toBe(0)
  expect(project.inRam()).toEqual([])
})
