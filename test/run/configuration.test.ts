import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVSHM, isLink, liveOf, type Playground } from '../support/playground.ts'
import { isOnDisk, projectForTest, seen, startRun } from './support/run-places.ts'

function configure({ folder }: Playground, text: string): void {
  writeFileSync(join(folder, 'devshm.config.json'), text)
}

const MODE = ['sqlite3', 'db.sqlite3', 'pragma journal_mode']

test('databases, journal, saveEvery and volume of the configuration are what happens, from any folder of the project', async () => {
  const project = await projectForTest()
  delete project.env['DEVSHM_VOLUME']
  const second = join(project.folder, 'data/second.db')
  mkdirSync(join(project.folder, 'data'))
  project.sql('create table item (id)', second)
  configure(
    project,
    `{
      // Comments and trailing commas are allowed.
      "databases": { "main": { "path": "db.sqlite3" }, "other": { "path": "data/second.db" } },
      "journal": "wal", "saveEvery": 0.2, "volume": ${JSON.stringify(project.volume)},
    }`,
  )
  const script = `sqlite3 ../db.sqlite3 "pragma journal_mode; insert into seen values ('it')"; until test -e ../go; do sleep 0.02; done`
  const inData = ['sh', '-c', 'cd data && exec "$@"', 'sh', ...DEVSHM, 'run', '--', 'sh', '-c', script]
  const run = project.start(inData[0] ?? '', ...inData.slice(1))
  await run.waitFor(/^wal$/m)
  for (const origin of [project.origin, second]) {
    expect(isLink(origin)).toBe(true)
    expect(liveOf(origin).startsWith(`${project.volume}/`)).toBe(true)
  }
  const all = JSON.parse((await project.devshm('status', '--all', '--json')).stdout) as {
    databases: { origin: string }[]
  }
  expect(all.databases.map(({ origin }) => origin)).toEqual(expect.arrayContaining([project.origin, second]))
  await run.waitFor(/saved \.\.\/db\.sqlite3 \(/)
  writeFileSync(join(project.folder, 'go'), '')
  expect(await run.exit).toBe(0)
  expect(isOnDisk(project)).toBe(true)
  expect(isLink(second)).toBe(false)
  expect(seen(project)).toEqual(['it'])
  expect(project.sql('pragma journal_mode')).toEqual([{ journal_mode: 'delete' }])
})

test('the command line goes before the configuration, and so does DEVSHM_VOLUME', async () => {
  const project = await projectForTest()
  configure(project, '{ "journal": "wal", "saveEvery": "off", "volume": "/nonexistent", "requireRam": true }')
  expect(await project.devshm('run', '--', ...MODE)).toMatchObject({ status: 0, stdout: 'wal\n' })
  expect(await project.devshm('run', '--journal', 'keep', '--', ...MODE)).toMatchObject({ stdout: 'delete\n' })
  const script = `sqlite3 db.sqlite3 "insert into seen values ('it')"; until test -e go; do sleep 0.02; done`
  const run = await startRun(project, ['sh', '-c', script], '--save-every', '0.2')
  await run.waitForOutput(/saved db\.sqlite3 \(/)
  writeFileSync(join(project.folder, 'go'), '')
  await run.waitForExit()
})

test('requireRam of the configuration makes it an error that there is no RAM', async () => {
  const project = await projectForTest()
  delete project.env['DEVSHM_VOLUME']
  configure(project, '{ "volume": "/nonexistent", "requireRam": true }')
  expect(await project.devshm('run', '--', ...MODE)).toMatchObject({ status: 1, stdout: '' })
  configure(project, '{ "volume": "/nonexistent" }')
  expect(await project.devshm('run', '--', ...MODE)).toMatchObject({ status: 0, stdout: 'delete\n' })
})

test('a mistake in the configuration is told with its place, and nothing is touched', async () => {
  const project = await projectForTest()
  configure(project, '{\n  "jurnal": "wal"\n}')
  for (const args of [['run', '--', 'touch', 'ran'], ['attach'], ['save'], ['detach'], ['status']]) {
    const { status, stdout, stderr } = await project.devshm(...args)
    expect(stderr).toMatch(/devshm\.config\.json:2:3: unknown key "jurnal", the nearest known one is "journal"\n {2}/)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  }
  expect(isOnDisk(project)).toBe(true)
})
