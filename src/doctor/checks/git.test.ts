import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, type Playground } from '../../../test/support/playground.ts'
import { surroundingsOf } from '../pretend.fixture.ts'
import { checkGit } from './git.ts'

async function look({ folder, env, origin }: Pick<Playground, 'folder' | 'env' | 'origin'>) {
  // The repository that the tests themselves may be in must not answer.
  const alone = { ...env, GIT_CEILING_DIRECTORIES: join(folder, '..') }
  const [observation] = await checkGit(await surroundingsOf({ folder, env: alone, origin }))
  return observation
}

test('a tracked database is a warning, and its remedy works', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  await playground.command('git', 'init', '-q')
  await playground.command('git', 'add', 'db.sqlite3')
  const observation = await look(playground)
  expect(observation).toMatchObject({ level: 'warning', message: expect.stringContaining('is tracked by git') })
  const commands = observation?.remedy?.split('\n').slice(1).join('\n') ?? ''
  expect((await playground.command('sh', '-ec', commands)).status).toBe(0)
  expect(await look(playground)).toMatchObject({ level: 'ok', message: 'is ignored by git' })
})

test('a database that git would show is a note, also while it is a link', async () => {
  await using playground = await createPlayground()
  await playground.command('git', 'init', '-q')
  playground.sql('create table t (a)')
  expect(await look(playground)).toMatchObject({ level: 'note', remedy: expect.stringContaining('.gitignore') })
  await playground.devshm('attach')
  expect(await look(playground)).toMatchObject({ level: 'note' })
})

test('a name that means something to git is taken as it is', async () => {
  await using playground = await createPlayground()
  await playground.command('git', 'init', '-q')
  writeFileSync(join(playground.folder, 'db'), '')
  await playground.command('git', 'add', 'db')
  expect(await look({ ...playground, origin: join(playground.folder, 'd*') })).toMatchObject({ level: 'note' })
})

test('without a repository, or without git, there is nothing to say', async () => {
  await using playground = await createPlayground()
  expect(await look(playground)).toMatchObject({ level: 'ok', message: 'is in no git repository' })
  const bin = join(playground.folder, 'bin')
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, 'node'))
  const env = { ...playground.env, PATH: bin }
  expect(await look({ ...playground, env })).toMatchObject({
    level: 'ok',
    message: 'cannot be in git, which is not installed',
  })
})

test('a program that the repository names is not run', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  await playground.command('git', 'init', '-q')
  await playground.command('git', 'config', 'core.fsmonitor', `touch '${playground.folder}/was-run'; false`)
  await look(playground)
  expect((await playground.command('ls')).stdout).not.toContain('was-run')
})
