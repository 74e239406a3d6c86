import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../src/session/context.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import {
  createPlayground,
  DEVSHM,
  eventually,
  isLink,
  runSql,
  type Playground,
  type Started,
} from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

const snapshotsOf = ({ folder }: Playground): string[] =>
  readdirSync(join(folder, '.devshm/db.sqlite3/snapshots'))
    .filter((name) => name.startsWith('@replaced'))
    .toSorted()

const tables = (playground: Playground, path?: string): unknown[] =>
  playground.sql('select name from sqlite_schema order by name', path).map(({ name }) => name)

interface Running extends AsyncDisposable {
  readonly playground: Playground
  readonly running: Started
  /** Path of a snapshot. */
  snapshot(name: string): string
  end(): Promise<void>
}

/** A `devshm run` whose command waits, with a table `old` whose one row is only in RAM. */
async function running(...options: string[]): Promise<Running> {
  const playground = await createPlayground()
  playground.sql('create table old (id)')
  const run = playground.start(
    ...DEVSHM,
    'run',
    '--db',
    'db.sqlite3',
    ...options,
    '--',
    'sh',
    '-c',
    'echo up; read end',
  )
  await run.waitFor(/^up$/m)
  playground.sql('insert into old values (1)')
  return {
    playground,
    running: run,
    snapshot: (name) => join(playground.folder, '.devshm/db.sqlite3/snapshots', `${name}.sqlite3`),
    end: async () => {
      run.process.stdin?.write('\n')
      expect(await run.exit).toBe(0)
    },
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
}

const WAYS: Record<string, string> = {
  'rm and a new database': `rm db.sqlite3 && sqlite3 db.sqlite3 'create table new (id)'`,
  'os.replace': `sqlite3 new.sqlite3 'create table new (id)' && /usr/bin/python3 -c "import os; os.replace('new.sqlite3', 'db.sqlite3')"`,
  'cp --remove-destination': `sqlite3 new.sqlite3 'create table new (id)' && cp --remove-destination new.sqlite3 db.sqlite3`,
}

describe('what the user puts at the path', () => {
  test.each(Object.entries(WAYS))(
    'is what they mean: it is attached, and live kept as @replaced (%s)',
    async (_name, way) => {
      await using session = await running()
      const { playground } = session
      expect((await playground.command('sh', '-c', way)).stderr).toBe('')
      await eventually('the new file is attached', () => isLink(playground.origin))
      expect(tables(playground)).toEqual(['new'])
      playground.sql('insert into new values (5)')
      await session.end()
      expect(lstatSync(playground.origin).isFile()).toBe(true)
      expect(playground.sql('select id from new')).toEqual([{ id: 5 }])
      expect(playground.sql('select id from old', session.snapshot('@replaced'))).toEqual([{ id: 1 }])
      expect(session.running.output.match(/was replaced while it was in RAM/g)).toHaveLength(1)
    },
  )

  test('is kept once, not once more as of the last save', async () => {
    await using session = await running('--save-every', '0.2')
    const { playground } = session
    await session.running.waitFor(/saved db\.sqlite3/)
    playground.sql('insert into old values (2)')
    await playground.command('sh', '-c', WAYS['os.replace'] ?? '')
    await eventually('the new file is attached', () => isLink(playground.origin))
    await session.end()
    expect(snapshotsOf(playground)).toEqual(['@replaced.sqlite3'])
    expect(playground.sql('select id from old', session.snapshot('@replaced'))).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('is a version from git, after git checkout', async () => {
    await using playground = await createPlayground()
    playground.sql('create table committed (id)')
    const git = `git init -q && git add db.sqlite3 && git -c user.name=t -c user.email=t@example.org commit -qm one`
    expect((await playground.command('sh', '-c', git)).status).toBe(0)
    await playground.devshm('attach')
    playground.sql('create table later (id)')
    expect((await playground.command('git', 'checkout', '--', 'db.sqlite3')).status).toBe(0)
    await eventually('the new file is attached', () => isLink(playground.origin))
    expect(tables(playground)).toEqual(['committed'])
    expect((await playground.devshm('detach')).status).toBe(0)
    const [kept = ''] = snapshotsOf(playground)
    expect(tables(playground, join(playground.folder, '.devshm/db.sqlite3/snapshots', kept))).toEqual([
      'committed',
      'later',
    ])
  })

  test('is never a reason to overwrite an earlier @replaced', async () => {
    await using session = await running()
    const { playground } = session
    for (const id of [7, 8]) {
      const way = `rm db.sqlite3 && sqlite3 db.sqlite3 'create table old (id)'`
      await playground.command('sh', '-c', way)
      await eventually('the new file is attached', () => isLink(playground.origin))
      playground.sql(`insert into old values (${id})`)
    }
    await session.end()
    expect(playground.sql('select id from old', session.snapshot('@replaced'))).toEqual([{ id: 1 }])
    expect(playground.sql('select id from old', session.snapshot('@replaced-2'))).toEqual([{ id: 7 }])
    expect(playground.sql('select id from old')).toEqual([{ id: 8 }])
  })

  test('is attached as soon as nobody has it open, and not before', async () => {
    await using session = await running()
    const { playground } = session
    await playground.command('rm', 'db.sqlite3')
    await using app = await connectElsewhere(playground.origin)
    await app.query('create table new (id)')
    await eventually('live is kept', () => existsSync(session.snapshot('@replaced')))
    await app.query('insert into new values (1)')
    expect(isLink(playground.origin)).toBe(false)
    await app.close()
    await eventually('the new file is attached', () => isLink(playground.origin))
    await session.end()
    expect(playground.sql('select id from new')).toEqual([{ id: 1 }])
  })
})

test('a removed database stays removed: live is kept as @replaced, and nothing is put at the path', async () => {
  await using session = await running()
  const { playground } = session
  await playground.command('rm', 'db.sqlite3')
  await session.running.waitFor(/db\.sqlite3 was removed while it was in RAM/)
  await session.end()
  expect(lstatSync(playground.origin, { throwIfNoEntry: false })).toBeUndefined()
  expect(playground.sql('select id from old', session.snapshot('@replaced'))).toEqual([{ id: 1 }])
})

test.each(['cp backup.sqlite3 db.sqlite3', `sqlite3 db.sqlite3 '.restore backup.sqlite3'`])(
  'writing over the path (%s) writes to live, and comes to disk',
  async (restore) => {
    await using session = await running()
    const { playground } = session
    playground.sql('create table backup (id); insert into backup values (9)', join(playground.folder, 'backup.sqlite3'))
    expect((await playground.command('sh', '-c', restore)).stderr).toBe('')
    expect(isLink(playground.origin)).toBe(true)
    expect(tables(playground)).toEqual(['backup'])
    await session.end()
    expect(playground.sql('select id from backup')).toEqual([{ id: 9 }])
    expect(snapshotsOf(playground)).toEqual([])
  },
)

test('what is written to a removed database while it is being kept is kept as well', async () => {
  await using playground = await createPlayground()
  playground.sql('create table old (id)')
  const { attachment } = await attachIn(contextOf(playground))
  playground.sql('insert into old values (1)')
  await playground.command('rm', 'db.sqlite3')
  const context = contextOf(playground)
  const late: Context = {
    ...context,
    report: (event) => {
      // By a process that had found the live database before: written and closed before anybody looks.
      if (event.type === 'replaced' && event.snapshot === '@replaced')
        runSql(attachment.live, 'insert into old values (2)')
      context.report(event)
    },
  }
  expect(await locked(late, () => recover(late))).toBeUndefined()
  expect(liveFilesIn(playground)).toEqual([])
  expect(context.events.map(({ type }) => type)).toEqual(['replaced', 'replaced'])
  const path = join(playground.folder, '.devshm/db.sqlite3/snapshots/@replaced-2.sqlite3')
  expect(playground.sql('select id from old', path)).toEqual([{ id: 1 }, { id: 2 }])
})
