import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { surroundingsOf } from '../pretend.fixture.ts'
import type { Surroundings } from '../surroundings.ts'
import { checkJournalMode } from './journal-mode.ts'

const MANAGE = `import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\n`
const settings = (command: string): string => `DATABASES = {"default": {"OPTIONS": {"init_command": "${command}"}}}\n`

async function look(files: Record<string, string>, more: Partial<Surroundings> = {}) {
  await using playground = await createPlayground()
  for (const [path, text] of Object.entries(files)) {
    const file = join(playground.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return await checkJournalMode(await surroundingsOf(playground, more))
}

test('a WAL database is a note that says what cp would miss; one with a rollback journal is in order', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  expect(await checkJournalMode(await surroundingsOf(playground))).toMatchObject([{ level: 'ok' }])
  playground.sql('pragma journal_mode = wal')
  expect(await checkJournalMode(await surroundingsOf(playground))).toMatchObject([
    { level: 'note', subject: playground.origin, message: expect.stringContaining('is a WAL database') },
  ])
})

test('a journal mode in the settings of Django is seen, also where they are a package', async () => {
  const command = settings('PRAGMA journal_mode=WAL;')
  expect(await look({ 'manage.py': MANAGE, 'site1/settings.py': command })).toMatchObject([
    { level: 'note', message: expect.stringContaining('sets journal_mode to wal') },
  ])
  expect(await look({ 'manage.py': MANAGE, 'site1/settings/base.py': command })).toHaveLength(1)
})

test('a mode that fails under journal wal is a warning', async () => {
  const files = { 'manage.py': MANAGE, 'site1/settings.py': settings('PRAGMA journal_mode = delete') }
  expect(await look(files, { configuration: { journal: 'wal' } })).toMatchObject([
    {
      level: 'warning',
      message: expect.stringContaining('database is locked'),
      remedy: expect.stringContaining('keep'),
    },
  ])
})

test('what is commented out is not seen', async () => {
  expect(await look({ 'manage.py': MANAGE, 'site1/settings.py': '# PRAGMA journal_mode=WAL\n' })).toEqual([])
})

test('Rails sets WAL by itself from 7.1 on, and otherwise what database.yml says', async () => {
  const lock = (version: string): string => `GEM\n  specs:\n    rack (3.1.8)\n    rails (${version})\n`
  const says = (mode: string) => [{ level: 'note', message: expect.stringContaining(`sets journal_mode to ${mode}`) }]
  expect(await look({ 'Gemfile.lock': lock('8.0.2') })).toMatchObject(says('wal'))
  expect(await look({ 'Gemfile.lock': lock('7.0.8') })).toEqual([])
  const yaml = 'default:\n  adapter: sqlite3\n  pragmas:\n    journal_mode: delete\n'
  expect(await look({ 'Gemfile.lock': lock('8.0.2'), 'config/database.yml': yaml })).toMatchObject(says('delete'))
})
