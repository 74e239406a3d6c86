import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, eventually, type Playground } from '../../../test/support/playground.ts'
import { surroundingsOf } from '../pretend.fixture.ts'
import { checkState } from './state.ts'

async function attached(): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql('create table t (a); insert into t values (1)')
  const { status, stderr } = await playground.devshm('attach', '--save-every', 'off')
  if (status !== 0) throw new Error(stderr)
  return playground
}

const look = async (playground: Playground) => await checkState(await surroundingsOf(playground))

async function killHolder(playground: Playground): Promise<number> {
  const { heldBy } = (await playground.status()) as { heldBy: { pid: number }[] }
  const pid = heldBy[0]?.pid ?? 0
  process.kill(pid, 'SIGKILL')
  await eventually('the holder is gone', () => !existsSync(`/proc/${pid}/fd/0`))
  return pid
}

test('on disk, and in RAM with a holder, are in order', async () => {
  await using playground = await createPlayground()
  expect(await look(playground)).toMatchObject([{ level: 'ok', message: 'is not there yet' }])
  playground.sql('create table t (a)')
  expect(await look(playground)).toMatchObject([{ level: 'ok', message: 'is on disk' }])
  await playground.devshm('attach')
  expect(await look(playground)).toMatchObject([
    { level: 'ok', message: expect.stringMatching(/^is in RAM \(8\.2 KB\), saved/) },
  ])
})

test('a database in RAM that nobody holds is a warning, which names the process that was killed', async () => {
  await using playground = await attached()
  const pid = await killHolder(playground)
  expect(await look(playground)).toMatchObject([
    {
      level: 'warning',
      message: expect.stringContaining(`pid ${pid} was ended by force`),
      remedy: expect.stringContaining('detach'),
    },
  ])
})

test('changes that were not saved for long are a warning', async () => {
  await using playground = await attached()
  playground.sql('insert into t values (2)')
  expect(await look(playground)).toMatchObject([{ level: 'ok' }])
  const facts = join(playground.folder, '.devshm/db.sqlite3/last-save.json')
  const longAgo = new Date(Date.now() - 6 * 60_000).toISOString()
  await writeFile(facts, (await readFile(facts, 'utf8')).replace(/"savedAt": "[^"]+"/, `"savedAt": "${longAgo}"`))
  expect(await look(playground)).toMatchObject([
    { level: 'warning', message: 'is in RAM, saved 6 minutes ago and changed since', remedy: 'devshm save' },
  ])
})

test('a link whose RAM is gone is a problem that says from when the last save is', async () => {
  await using playground = await attached()
  await playground.devshm('save')
  await killHolder(playground)
  const { lastSave } = (await playground.status()) as { lastSave: { savedAt: string } }
  for (const name of readdirSync(playground.volume)) rmSync(join(playground.volume, name), { recursive: true })
  expect(await look(playground)).toMatchObject([
    {
      level: 'problem',
      message: `is a link into RAM that is gone; the last save is from ${lastSave.savedAt}`,
      remedy: expect.stringContaining('devshm detach'),
    },
  ])
  expect((await playground.devshm('detach')).status).toBe(0)
  expect(await look(playground)).toMatchObject([{ level: 'ok', message: 'is on disk' }])
})

test('a link whose RAM and saves are gone is a problem without that promise', async () => {
  await using playground = await attached()
  await killHolder(playground)
  for (const name of readdirSync(playground.volume)) rmSync(join(playground.volume, name), { recursive: true })
  rmSync(join(playground.folder, '.devshm'), { recursive: true })
  expect(await look(playground)).toMatchObject([
    { level: 'problem', message: expect.stringContaining('has no save of it') },
  ])
})

test('a database that was left in RAM is a warning that says where it is', async () => {
  await using playground = await attached()
  await killHolder(playground)
  rmSync(playground.origin)
  writeFileSync(playground.origin, '')
  const observations = await look(playground)
  const left = observations.find(({ message }) => message.includes('left in RAM'))
  expect(left).toMatchObject({ level: 'warning', message: expect.stringContaining(playground.volume) })
})

test('a project that was copied while attached is a warning', async () => {
  await using playground = await attached()
  await using copy = await createPlayground()
  await playground.command('cp', '-a', `${playground.folder}/.`, copy.folder)
  expect(await look(copy)).toMatchObject([
    { level: 'warning', message: expect.stringContaining(`is a link into the RAM of ${playground.origin}`) },
  ])
})
