import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, runSql, type Playground } from '../support/playground.ts'
import { historyOf, write } from './support/shelf.ts'

const AT = '2026-01-01T00:00:00.000Z'

function plant({ folder }: Playground, history: unknown): void {
  const store = join(folder, '.devshm/db.sqlite3')
  mkdirSync(store, { recursive: true, mode: 0o700 })
  writeFileSync(join(store, 'history.json'), JSON.stringify(history))
}

test('a history in a project that was cloned can make devshm remove nothing outside its own folders', async () => {
  await using playground = await createPlayground()
  write(playground, 'public')
  const precious = join(playground.folder, 'precious')
  mkdirSync(precious)
  copyFileSync(playground.origin, join(precious, 'thesis.sqlite3'))
  const overwritten = { snapshot: '../../../precious/thesis', by: 'reset', at: AT }
  plant(playground, { pending: { base: { kind: 'file', path: '/', at: AT }, isOwn: true, overwritten } })
  expect(await playground.devshm('snapshot', 'a', '--db', 'db.sqlite3')).toMatchObject({ status: 0 })
  expect(readdirSync(precious)).toEqual(['thesis.sqlite3'])
  expect(historyOf(playground)).toEqual({ base: { kind: 'snapshot', name: 'a', at: expect.any(String) as string } })
})

test.each([
  { overwritten: 5, base: 'x', pending: 1 },
  { overwritten: { snapshot: 7, by: 'reset', at: AT }, base: { kind: 'snapshot', at: AT } },
  { overwritten: {}, base: { kind: 'file', path: 5, at: AT }, pending: { overwritten: [] } },
  [],
  5,
])('of a history that is damaged, or of another make, only snapshots are missed: %j', async (history) => {
  await using playground = await createPlayground()
  write(playground, 'one')
  plant(playground, history)
  for (const [command, problem] of [
    ['undo', 'there is nothing to undo'],
    ['diff', 'nothing is known'],
  ] as const) {
    const { status, stderr } = await playground.devshm(command)
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(problem) as string })
  }
  expect(await playground.devshm('snapshot', 'a')).toMatchObject({ status: 0 })
})

test('files among the snapshots that no snapshot can be called like are no snapshots', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await playground.devshm('snapshot', 'a')
  const snapshots = join(playground.folder, '.devshm/db.sqlite3/snapshots')
  for (const name of ['\u001b[2Jevil', '-rf', '.hidden', 'two words']) {
    runSql(join(snapshots, `${name}.sqlite3`), 'create table t (x)')
  }
  symlinkSync('/etc/passwd', join(snapshots, 'link.sqlite3'))
  const { stdout } = await playground.devshm('snapshots', '--json')
  const { databases } = JSON.parse(stdout) as { databases: { snapshots: { name: string }[] }[] }
  expect(databases[0]?.snapshots.map(({ name }) => name)).toEqual(['a'])
})
