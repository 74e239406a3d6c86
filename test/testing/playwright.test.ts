import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventually, type Outcome } from '../support/playground.ts'
import { createShellProject, type ShellProject } from '../template/support/shell-project.ts'
import { install, usePublished } from './support/installed.ts'
import { clonesInRam } from './support/test-databases.ts'

const published = usePublished()

const PLAYWRIGHT = ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list']

const SERVER = `
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.env.APP_DB)
createServer((request, response) => {
  if (request.method === 'POST') database.exec("insert into item (id, name) values (3, '" + request.url.slice(1) + "')")
  response.end(JSON.stringify({ pid: process.pid, items: database.prepare('select * from item').all() }))
}).listen(Number(process.argv[2]), '127.0.0.1')
`

const BEGIN = `
import { test as base, expect } from '@playwright/test'
import { appOnClone } from 'devshm/playwright'

const test = base.extend(appOnClone({ command: 'node server.mjs {port}' }))
const namesIn = async (response) => (await response.json()).items.map(({ name }) => name)
`

/** A project with a server that keeps its database open; no browser is needed to ask it. */
async function createServedProject(spec: string): Promise<ShellProject> {
  const project = await createShellProject()
  install(project.folder, published, '@playwright/test')
  project.write('server.mjs', SERVER)
  project.write('playwright.config.mjs', 'export default { fullyParallel: true, workers: 2 }')
  project.write('items.spec.mjs', `${BEGIN}${spec}`)
  return project
}

async function run(project: ShellProject): Promise<Outcome> {
  return await project.command(process.execPath, ...PLAYWRIGHT)
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`)
}

const WRITES_THE_SAME_KEY = `
for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
  test('item ' + name, async ({ request, db }) => {
    expect(await namesIn(await request.post('/' + name))).toEqual(['one', 'two', name])
    expect({ ...db.connect().prepare('select name from item where id = 3').get() }).toEqual({ name })
  })
}
`

test('tests that write the same key pass, one after the other on one server and at once on two', async () => {
  await using project = await createServedProject(WRITES_THE_SAME_KEY)
  const outcome = await run(project)
  expect(outcome, outcome.stdout).toMatchObject({ status: 0, stdout: expect.stringContaining('6 passed') as string })
  expect(project.inRam()).toEqual([])
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
})

test('the database of a failed test is kept, and the command that is printed says what the app did', async () => {
  await using project = await createServedProject(`
    test('fails', async ({ request }) => expect(await namesIn(await request.post('/of-the-test'))).toEqual([]))`)
  const { status, stderr, stdout } = await run(project)
  expect(status).toBe(1)
  const command = /^ *devshm (diff .*)$/m.exec(stderr + stdout)?.[1]?.split(' ') ?? []
  expect((await project.devshm(...command)).stdout).toContain('of-the-test')
  expect(project.inRam()).toEqual([])
})

test('the server of a killed worker ends, and the next run removes its database', async () => {
  await using project = await createServedProject(`
    test('is killed', async ({ request, app }) => {
      console.log('pids', process.pid, (await (await request.get('/')).json()).pid)
      await new Promise((resolve) => setTimeout(resolve, 1e6))
    })`)
  const running = project.start(process.execPath, ...PLAYWRIGHT)
  const [worker, server] = (await running.waitFor(/pids (\d+) (\d+)/)).slice(1).map(Number) as [number, number]
  expect(isRunning(server)).toBe(true)
  process.kill(worker, 'SIGKILL')
  expect(await running.exit).toBe(1)
  await eventually('the server has ended', () => !isRunning(server))
  expect(clonesInRam(project)).toHaveLength(1)
  project.write('items.spec.mjs', `${BEGIN}${WRITES_THE_SAME_KEY}`)
  expect(await run(project)).toMatchObject({ status: 0 })
  expect(project.inRam()).toEqual([])
})

test('a run after a new migration has it; the app that does not start is shown with what it printed', async () => {
  await using project = await createServedProject(`
    test('columns', async ({ request }) => {
      console.log('columns:', Object.keys((await (await request.get('/')).json()).items[0]).join())
    })`)
  expect((await run(project)).stdout).toContain('columns: id,name\n')
  project.write('migrations/002.sql', 'alter table item add price integer;')
  expect((await run(project)).stdout).toContain('columns: id,name,price\n')
  project.write('server.mjs', `throw new Error('no such setting')`)
  const { status, stdout, stderr } = await run(project)
  expect(status).toBe(1)
  expect(stdout + stderr).toContain('devshm: have it listen on 127.0.0.1')
  expect(stdout).toMatch(/the server ended before it answered: node server\.mjs .port.[\s\S]*no such setting/)
  expect(project.inRam()).toEqual([])
})

test('two hundred tests in a row: as many files and as much RAM at the end as at the beginning', async () => {
  await using project = await createServedProject(`
    import { readdirSync, statfsSync } from 'node:fs'
    const files = () => readdirSync(process.env.DEVSHM_VOLUME, { recursive: true }).length
    test.describe.configure({ mode: 'serial' })
    let first
    for (let n = 0; n < 200; n += 1) {
      test('test ' + n, async ({ request }) => {
        expect(await namesIn(await request.post('/x'))).toHaveLength(3)
        expect(files()).toBe(first ??= files())
      })
    }`)
  const outcome = await run(project)
  expect(outcome.status, outcome.stdout.slice(-3000)).toBe(0)
  expect(project.inRam()).toEqual([])
})
