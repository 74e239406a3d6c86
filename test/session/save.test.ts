import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Session } from '../../src/session/session.ts'
import { createPlayground, DEVSHM, eventually, inodeAt, type Playground } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf, saveIn } from './support/in-process.ts'
import { canMount, mountRam } from './support/mounts.ts'

const lastSaveOf = ({ folder }: Playground): string => join(folder, '.devshm/db.sqlite3/last-save.sqlite3')

async function withDatabase(): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql('create table item (id); insert into item values (1)')
  return playground
}

describe('a save', () => {
  test('happens on the timer while the command runs, once something changed', async () => {
    await using playground = await withDatabase()
    const running = playground.start(...DEVSHM, 'run', '--save-every', '0.3', '--', 'sh', '-c', 'echo up; read end')
    await running.waitFor(/^up$/m)
    playground.sql('insert into item values (2)')
    await running.waitFor(/saved db\.sqlite3/)
    expect(playground.sql('select id from item', lastSaveOf(playground))).toEqual([{ id: 1 }, { id: 2 }])
    const inode = inodeAt(lastSaveOf(playground))
    playground.sql('insert into item values (3)')
    await eventually('the next save', () => inodeAt(lastSaveOf(playground)) !== inode)
    running.process.stdin?.write('\n')
    expect(await running.exit).toBe(0)
  })

  test('happens on request, and what is equal to the last save is not written again', async () => {
    await using playground = await withDatabase()
    await playground.devshm('attach', '--save-every', 'off')
    playground.sql('insert into item values (2)')
    expect(await playground.devshm('save')).toMatchObject({ status: 0 })
    const { ino, mtimeMs } = lstatSync(lastSaveOf(playground))

    const again = await playground.devshm('save')
    expect(again.stderr).toContain('unchanged since its last save')
    playground.sql('begin; insert into item values (3); rollback')
    await playground.devshm('save')
    expect(lstatSync(lastSaveOf(playground))).toMatchObject({ ino, mtimeMs })
    await playground.devshm('detach')
  })

  test('needs nothing while the database is on disk', async () => {
    await using playground = await withDatabase()
    const { status, stderr } = await playground.devshm('save')
    expect(status).toBe(0)
    expect(stderr).toContain('there is nothing to save')
  })

  test('takes at most one part in 20 of the time, however short the interval', async () => {
    await using playground = await withDatabase()
    const times: { begun: number; done: number }[] = []
    const context = contextOf(playground, async (step) => {
      if (step === 'save:pinned') times.push({ begun: performance.now(), done: 0 })
      if (step !== 'save:renamed') return
      await new Promise((resolve) => setTimeout(resolve, 40))
      const last = times.at(-1)
      if (last !== undefined) last.done = performance.now()
    })
    const options = { kind: 'run', command: 'test', journal: 'keep', saveEveryMs: 1, requireRam: true } as const
    const session = await Session.open([context], options)
    const deadline = performance.now() + 70_000
    for (let id = 2; times.length < 3 && performance.now() < deadline; id += 1) {
      // From another process: a busy connection in this one would keep the session from going on.
      await playground.command('sqlite3', 'db.sqlite3', '.timeout 5000', `insert into item values (${id})`)
    }
    const timed = times.slice(0, 3)
    expect(await session.close()).toBe(true)
    expect(timed).toHaveLength(3)
    for (const [index, { begun, done }] of timed.slice(0, 2).entries()) {
      const pause = (timed[index + 1]?.begun ?? 0) - done
      // What the save itself measures ends a little before this test's own look.
      expect(pause).toBeGreaterThan(19 * (done - begun - 10))
    }
  })

  test('has the permissions of the database, also after they were changed', async () => {
    await using playground = await withDatabase()
    await playground.command('chmod', '600', 'db.sqlite3')
    await attachIn(contextOf(playground))
    await playground.command('chmod', '640', 'db.sqlite3')
    playground.sql('insert into item values (2)')
    await saveIn(contextOf(playground))
    expect(lstatSync(lastSaveOf(playground)).mode & 0o7777).toBe(0o640)
  })
})

test('an app with a rollback journal commits while the disk is written to: it is kept out only for the copy in RAM', async () => {
  await using playground = await withDatabase()
  await attachIn(contextOf(playground))
  await using app = await connectElsewhere(playground.origin)
  await app.query('insert into item values (2)')
  let commits = 0
  const context = contextOf(playground, async (step) => {
    if (step !== 'save:staged' && step !== 'save:written') return
    // It waits for nobody: this fails if it is locked out.
    await app.query(`insert into item values (${3 + commits})`)
    commits += 1
  })
  expect(await saveIn(context)).toMatchObject({ wrote: true })
  expect(commits).toBe(2)
  expect(playground.sql('select id from item', lastSaveOf(playground))).toEqual([{ id: 1 }, { id: 2 }])
  expect(await app.query('select count(*) as rows from item')).toEqual([{ rows: 4 }])
})

describe('a database that SQLite alone cannot vouch for', () => {
  const faults = {
    'a CHECK with a function of the app': `c.create_function('regexp', 2, lambda p, v: True)
c.execute("create table odd (name text check (name regexp 'x'))"); c.execute("insert into odd values ('x')")`,
    'a collation of the app': `c.create_collation('odd', lambda a, b: (a > b) - (a < b))
c.execute("create table odd (name text collate odd unique)"); c.execute("insert into odd values ('x')")`,
    'a stored violation of a CHECK': `c.execute('pragma ignore_check_constraints = on')
c.execute("create table odd (name text check (name = 'y'))"); c.execute("insert into odd values ('x')")`,
    'a missing NOT NULL value': `c.execute("create table odd (name text)"); c.execute("insert into odd values (null)")
c.execute('pragma writable_schema = on')
c.execute("update sqlite_master set sql = 'create table odd (name text not null)' where name = 'odd'")`,
  }
  test.each(Object.entries(faults))('is saved and brought back as it is: %s', async (_name, statements) => {
    await using playground = await withDatabase()
    const make = `import sqlite3; c = sqlite3.connect('db.sqlite3'); ${statements}\nc.commit()`
    const made = await playground.command('/usr/bin/python3', '-c', make.replaceAll('; c.execute', '\nc.execute'))
    expect(made.stderr).toBe('')
    await playground.devshm('attach')
    playground.sql('insert into item values (2)')
    expect(await playground.devshm('save')).toMatchObject({ status: 0 })
    expect(playground.sql('select count(*) as rows from item', lastSaveOf(playground))).toEqual([{ rows: 2 }])
    expect(await playground.devshm('detach')).toMatchObject({ status: 0, stderr: expect.stringContaining('saved to') })
    expect(playground.sql('select count(*) as rows from item, odd')).toEqual([{ rows: 2 }])
  })
})

test.runIf(canMount())(
  'without room in RAM for a second copy the save is written directly, and is as good',
  async () => {
    await using playground = await withDatabase()
    using volume = mountRam(12_000_000)
    const steps: string[] = []
    const context = contextOf({ origin: playground.origin, volume: volume.path }, (step) => {
      steps.push(step)
    })
    await attachIn(context)
    playground.sql('insert into item values (zeroblob(6000000))')
    expect(await saveIn(context)).toMatchObject({ wrote: true })
    expect(steps).toContain('save:pinned')
    expect(steps).not.toContain('save:staged')
    expect(playground.sql('pragma integrity_check', lastSaveOf(playground))).toEqual([{ integrity_check: 'ok' }])
    expect(playground.sql('select count(*) as rows from item', lastSaveOf(playground))).toEqual([{ rows: 2 }])
  },
)
