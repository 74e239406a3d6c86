import { existsSync, lstatSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFolderOnDisk } from '../support/django/disk-folder.ts'
import { createPlayground, DEVSHM, inodeAt, isLink, type Playground } from '../support/playground.ts'
import { attachIn, contextOf } from './support/in-process.ts'
import { canMount, mountDisk, mountRam } from './support/mounts.ts'

async function withDatabase(bytes = 0): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql(`create table item (id, data); insert into item values (1, zeroblob(${bytes}))`)
  return playground
}

const LAST_SAVE = '.devshm/db.sqlite3/last-save.sqlite3'
const INSERT = ['sqlite3', 'db.sqlite3', `insert into item values (2, ''); select count(*) from item`]

describe('where there is no RAM-backed folder', () => {
  test.each(['a folder on disk', 'a folder that does not exist'])(
    'run runs the command on disk, with one warning (%s)',
    async (kind) => {
      await using playground = await withDatabase()
      using folder = createFolderOnDisk('devshm-no-ram-')
      playground.env['DEVSHM_VOLUME'] = kind === 'a folder on disk' ? folder.path : join(folder.path, 'missing')
      const inode = inodeAt(playground.origin)

      const { status, stdout, stderr } = await playground.devshm('run', '--', ...INSERT)
      expect({ status, stdout }).toEqual({ status: 0, stdout: '2\n' })
      expect(stderr).toMatch(/^devshm: db\.sqlite3 stays on disk: .*(is not in RAM|does not exist)/)
      expect(stderr.match(/^devshm: /gm)?.length).toBeLessThanOrEqual(2)
      expect(inodeAt(playground.origin)).toBe(inode)
      expect(existsSync(join(playground.folder, '.devshm'))).toBe(false)
    },
  )

  test.each([['run', '--require-ram', '--', 'touch', 'ran'], ['attach']])(
    '%s %s is an error, and nothing is touched',
    async (...args) => {
      await using playground = await withDatabase()
      playground.env['DEVSHM_VOLUME'] = '/nonexistent'
      const { status, stderr } = await playground.devshm(...args)
      expect(status).toBe(1)
      expect(stderr).toMatch(/^devshm: there is no RAM-backed folder here .*\n {2}\S/)
      expect(existsSync(join(playground.folder, 'ran'))).toBe(false)
      expect(existsSync(join(playground.folder, '.devshm'))).toBe(false)
    },
  )
})

test('a relative DEVSHM_VOLUME, which would be another folder for the holder, is refused', async () => {
  await using playground = await withDatabase()
  const relativeVolume = relative(playground.folder, playground.volume)
  playground.env['DEVSHM_VOLUME'] = relativeVolume
  const { status, stderr } = await playground.devshm('attach')
  expect(stderr).toContain(`(${relativeVolume} is not an absolute path)`)
  expect(status).toBe(1)
  expect(existsSync(join(playground.folder, '.devshm'))).toBe(false)
})

describe.runIf(canMount())('where there is too little RAM', () => {
  test('the numbers are told: what it needs, and what there is', async () => {
    await using playground = await withDatabase(2_000_000)
    using volume = mountRam(4_000_000)
    playground.env['DEVSHM_VOLUME'] = volume.path
    const { status, stdout, stderr } = await playground.devshm('run', '--', ...INSERT)
    expect({ status, stdout }).toEqual({ status: 0, stdout: '2\n' })
    expect(stderr).toContain(`it needs 8.0 MB in RAM with its journal, ${volume.path} has 4.0 MB free`)
    expect((await playground.devshm('run', '--require-ram', '--', 'true')).status).toBe(1)
    expect(existsSync(join(playground.folder, '.devshm'))).toBe(false)
  })

  test('a large log that a crash left behind is counted as well', async () => {
    await using playground = await createPlayground()
    using volume = mountRam(8_000_000)
    playground.env['DEVSHM_VOLUME'] = volume.path
    const crashing = `import sqlite3, os; c = sqlite3.connect('db.sqlite3', isolation_level=None)
c.execute('pragma journal_mode = wal'); c.execute('pragma wal_autocheckpoint = 0')
c.execute('create table item (id, data)'); c.execute('insert into item values (1, zeroblob(20000000))')
os.kill(os.getpid(), 9)`
    await playground.command('/usr/bin/python3', '-c', crashing)
    const { status, stdout, stderr } = await playground.devshm('run', '--', ...INSERT)
    expect(stderr).toMatch(/it needs \d+(\.\d)? MB in RAM/)
    expect({ status, stdout }).toEqual({ status: 0, stdout: '2\n' })
    expect(isLink(playground.origin)).toBe(false)
  })

  test('that fills up while it runs, the app gets SQLite’s own error, and what it committed comes to disk', async () => {
    await using playground = await withDatabase()
    using volume = mountRam(8_000_000)
    playground.env['DEVSHM_VOLUME'] = volume.path
    const grow = `i=0; while sqlite3 db.sqlite3 'insert into item values (3, zeroblob(700000))'; do i=$((i + 1)); done; echo $i commits`
    const { status, stdout, stderr } = await playground.devshm('run', '--', 'sh', '-c', grow)
    expect(stderr).toMatch(/full/)
    expect(status).toBe(0)
    const commits = Number(/(\d+) commits/.exec(stdout)?.[1])
    expect(commits).toBeGreaterThan(3)
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(playground.sql('select count(*) as rows from item')).toEqual([{ rows: commits + 1 }])
  })
})

describe.runIf(canMount())('when the disk is full', () => {
  test('the save fails with the numbers; the last save stays whole, and the RAM copy is kept and named', async () => {
    await using playground = await createPlayground()
    using disk = mountDisk(16_000_000)
    const origin = join(disk.path, 'db.sqlite3')
    playground.sql('create table item (id, data); insert into item values (1, null)', origin)
    const inside = (...args: string[]): ReturnType<Playground['command']> =>
      playground.command('env', '-C', disk.path, ...DEVSHM, ...args)
    const steps = `sqlite3 db.sqlite3 "insert into item values (2, '')" && "$@" save && sqlite3 db.sqlite3 "insert into item values (3, zeroblob(20000000))"`
    const run = await inside('run', '--', 'sh', '-c', steps, 'sh', ...DEVSHM)
    expect(run.status).toBe(1)
    expect(run.stderr).toMatch(/needs 20(\.\d)? MB, .* has \d+(\.\d)? MB free/)
    expect(run.stderr).toMatch(/The data is in .*live\.sqlite3/)
    expect(isLink(origin)).toBe(true)
    expect(playground.sql('select count(*) as rows from item', origin)).toEqual([{ rows: 3 }])
    expect(playground.sql('select id from item', join(disk.path, LAST_SAVE))).toEqual([{ id: 1 }, { id: 2 }])

    const save = await inside('save')
    expect(save.status).toBe(1)
    expect(save.stderr).toMatch(/^(devshm: .*\n {2}.*\n)+$/)
    // With room again, all of it comes to disk.
    playground.sql('delete from item where id = 3; vacuum', origin)
    expect((await inside('detach')).status).toBe(0)
    expect(playground.sql('select id from item', origin)).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('a copied project does not get its own data, and the first one goes on', async () => {
    await using playground = await withDatabase()
    using disk = mountDisk(8_000_000)
    await playground.devshm('attach', '--save-every', 'off')
    playground.sql('insert into item values (2, zeroblob(12000000))')
    const copy = join(disk.path, 'project')
    await playground.command('cp', '-a', playground.folder, copy)
    const { status, stderr } = await playground.command('env', '-C', copy, ...DEVSHM, 'detach')
    expect(stderr).toMatch(
      /^devshm: a copy of \S+db\.sqlite3 for this project needs 12\.0 MB, \S+ has .* free\n {2}free/,
    )
    expect(status).toBe(1)
    expect(isLink(join(copy, 'db.sqlite3'))).toBe(true)
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(playground.sql('select count(*) as rows from item')).toEqual([{ rows: 2 }])
  })

  test('what cannot be kept as @replaced stays in RAM and is named', async () => {
    await using playground = await createPlayground()
    using disk = mountDisk(8_000_000)
    const origin = join(disk.path, 'db.sqlite3')
    playground.sql('create table item (id, data)', origin)
    const { attachment } = await attachIn(contextOf({ origin, volume: playground.volume }))
    playground.sql('insert into item values (2, zeroblob(12000000))', origin)
    rmSync(origin)
    for (const name of ['save', 'detach']) {
      const { status, stderr } = await playground.command('env', '-C', disk.path, ...DEVSHM, name, '--db', origin)
      expect(stderr).toMatch(/cannot be kept: keeping it as a snapshot needs 12\.0 MB, \S+ has .* free/)
      expect(stderr).toContain(`The data is in ${attachment.live}`)
      expect(stderr).not.toContain('nothing to save')
      expect(status).toBe(1)
    }
    expect(playground.sql('select count(*) as rows from item', attachment.live)).toEqual([{ rows: 1 }])
  })
})
