import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findDjangoPython } from '../../../test/support/django/python.ts'
import { createPlayground, type Playground } from '../../../test/support/playground.ts'
import { surroundingsOf } from '../pretend.fixture.ts'
import { checkInMemory } from './in-memory.ts'

const MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'

function makeDjango({ folder }: Playground, settings: string): void {
  writeFileSync(join(folder, 'manage.py'), MANAGE)
  writeFileSync(join(folder, 'settings.py'), settings)
}

/** A Django that can be asked comes first, as in a virtual environment. */
async function withDjango(playground: Playground): Promise<Playground> {
  const { python } = await findDjangoPython()
  const bin = join(playground.folder, 'venv/bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'python'), `#!/bin/sh\nexec '${python}' "$@"\n`, { mode: 0o755 })
  return playground
}

test('a database in memory in the settings of Django is a warning that says why a server cannot use it', async () => {
  await using playground = await withDjango(await createPlayground())
  makeDjango(
    playground,
    `DATABASES = {
      "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"},
      "cache": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
    }`,
  )
  expect(await checkInMemory(await surroundingsOf(playground))).toMatchObject([
    {
      level: 'warning',
      subject: 'cache',
      message: expect.stringContaining('each process has its own'),
      remedy: expect.any(String),
    },
  ])
})

test('settings that mention one and cannot be asked are a note', async () => {
  await using playground = await withDjango(await createPlayground())
  makeDjango(playground, 'NAME = ":memory:"\nraise RuntimeError("half-written")\n')
  expect(await checkInMemory(await surroundingsOf(playground))).toMatchObject([
    { level: 'note', message: expect.stringContaining('half-written') },
  ])
})

test('where nothing speaks of memory, Django is not asked and nothing is written', async () => {
  await using playground = await withDjango(await createPlayground())
  makeDjango(playground, 'open("was-asked", "w")\n')
  expect(await checkInMemory(await surroundingsOf(playground))).toEqual([])
  expect(readdirSync(playground.folder).toSorted()).toEqual(['manage.py', 'settings.py', 'venv'])
})

test(':memory: as a path, or in DATABASE_URL, is a problem', async () => {
  await using playground = await createPlayground()
  const env = { ...playground.env, DATABASE_URL: 'sqlite://:memory:' }
  const surroundings = await surroundingsOf({ ...playground, env }, { explicit: [':memory:'] })
  expect(await checkInMemory(surroundings)).toMatchObject([
    { level: 'problem', subject: ':memory:' },
    { level: 'problem', subject: 'sqlite://:memory:' },
  ])
})
