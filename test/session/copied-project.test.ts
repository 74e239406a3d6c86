import { existsSync, lstatSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFolderOnDisk } from '../support/django/disk-folder.ts'
import {
  createPlayground,
  DEVSHM,
  eventually,
  isLink,
  liveOf,
  type Outcome,
  type Playground,
  run,
} from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf, saveIn } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

interface Two extends AsyncDisposable {
  readonly playground: Playground
  /** Where the project is copied or moved to. */
  readonly there: string
  readonly origin: string
  devshm(...args: string[]): Promise<Outcome>
}

async function attachedProject(holder: boolean): Promise<Two> {
  await using stack = new AsyncDisposableStack()
  const playground = stack.use(await createPlayground())
  const { path } = stack.use(createFolderOnDisk('devshm-test-'))
  playground.sql('create table item (id); insert into item values (1)')
  if (holder) expect((await playground.devshm('attach')).status).toBe(0)
  else await attachIn(contextOf(playground))
  playground.sql('insert into item values (2)')
  await saveIn(contextOf(playground))
  playground.sql('insert into item values (3)')
  const there = join(path, 'project')
  const resources = stack.move()
  const [program, ...before] = DEVSHM
  return {
    playground,
    there,
    origin: join(there, 'db.sqlite3'),
    devshm: (...args) => run(program, [...before, ...args], { cwd: there, env: playground.env }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

const idsIn = (playground: Playground, path?: string): unknown[] =>
  playground.sql('select id from item order by id', path).map(({ id }) => id)

describe.each([true, false])('a project that was copied while attached (a session holds it: %s)', (holder) => {
  test.each(['detach', 'save', 'run'])(
    'gets its own data at its first %s, and never touches the first one',
    async (name) => {
      await using two = await attachedProject(holder)
      const { playground, there, origin } = two
      await playground.command('cp', '-a', playground.folder, there)
      const live = liveOf(playground.origin)
      expect(liveOf(origin)).toBe(live)

      const args = name === 'run' ? ['run', '--', 'sqlite3', 'db.sqlite3', 'insert into item values (100)'] : [name]
      const { status, stderr } = await two.devshm(...args)
      expect(status).toBe(0)
      expect(stderr).toContain('this project is a copy: db.sqlite3 now has its own data')
      expect(lstatSync(origin).isFile()).toBe(true)
      expect(idsIn(playground, origin)).toEqual(name === 'run' ? [1, 2, 3, 100] : [1, 2, 3])
      expect(liveOf(playground.origin)).toBe(live)
      playground.sql('insert into item values (4)')
      expect((await playground.devshm('detach')).status).toBe(0)
      expect(idsIn(playground)).toEqual([1, 2, 3, 4])
      expect(idsIn(playground, origin)).not.toContain(4)
      expect(liveFilesIn(playground)).toEqual([])
    },
  )

  test('has its last save after the first one was detached', async () => {
    await using two = await attachedProject(holder)
    const { playground, there, origin } = two
    await playground.command('cp', '-a', playground.folder, there)
    expect((await playground.devshm('detach')).status).toBe(0)
    expect((await two.devshm('detach')).status).toBe(0)
    expect(idsIn(playground, origin)).toEqual([1, 2])
    expect(idsIn(playground)).toEqual([1, 2, 3])
  })
})

describe('a project that was moved while attached', () => {
  test.each([true, false])('is carried on with, at its new place (a session holds it: %s)', async (holder) => {
    await using two = await attachedProject(holder)
    const { playground, there, origin } = two
    await using app = await connectElsewhere(playground.origin)
    await playground.command('mv', playground.folder, there)
    await app.query('insert into item values (4)')
    await app.close()
    const { status, stderr } = await two.devshm('detach')
    expect(stderr).not.toMatch(/unexpected|copy/)
    expect(status).toBe(0)
    expect(lstatSync(origin).isFile()).toBe(true)
    expect(idsIn(playground, origin)).toEqual([1, 2, 3, 4])
    await eventually('nothing is left in RAM', () => liveFilesIn(playground).length === 0)
    expect(existsSync(playground.folder)).toBe(false)
  })
})

const CLEANING = {
  'rm -rf .devshm': ['rm', '-rf', '.devshm'],
  'git clean -fdx': ['sh', '-c', 'git init -q && git clean -qfdx'],
} as const

describe.each(Object.entries(CLEANING))('%s while attached', (name, [program, ...args]) => {
  test.each([true, false])('loses nothing that is in RAM (a session holds it: %s)', async (holder) => {
    await using two = await attachedProject(holder)
    const { playground } = two
    expect((await playground.command(program, ...args)).status).toBe(0)
    expect(existsSync(join(playground.folder, '.devshm/db.sqlite3/last-save.sqlite3'))).toBe(false)
    const isRemoved = name.startsWith('git')
    expect(isLink(playground.origin)).toBe(!isRemoved)

    expect(await playground.devshm('detach', '--db', 'db.sqlite3')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(isRemoved && !holder ? 'was removed while it was in RAM' : 'db.sqlite3'),
    })
    const kept = isRemoved
      ? join(playground.folder, '.devshm/db.sqlite3/snapshots/@replaced.sqlite3')
      : playground.origin
    expect(lstatSync(kept).isFile()).toBe(true)
    expect(idsIn(playground, kept)).toEqual([1, 2, 3])
    expect(existsSync(playground.origin)).toBe(!isRemoved)
    await eventually('nothing is left in RAM', () => liveFilesIn(playground).length === 0)
  })
})

test('a removed .devshm is made anew by a save, which is then whole', async () => {
  await using two = await attachedProject(false)
  const { playground } = two
  await rm(join(playground.folder, '.devshm'), { recursive: true })
  expect((await playground.devshm('save')).status).toBe(0)
  expect(idsIn(playground, join(playground.folder, '.devshm/db.sqlite3/last-save.sqlite3'))).toEqual([1, 2, 3])
  await rm(join(playground.volume, `devshm-${process.getuid?.()}`), { recursive: true })
  expect((await playground.devshm('detach')).status).toBe(0)
  expect(idsIn(playground)).toEqual([1, 2, 3])
})
