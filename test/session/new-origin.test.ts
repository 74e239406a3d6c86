import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createPlayground, DEVSHM, isLink } from '../support/playground.ts'
import { attachIn, contextOf } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

describe('an origin that does not exist yet', () => {
  test('is created in RAM by the app, and comes to disk with the permissions that the umask gives', async () => {
    await using playground = await createPlayground()
    const migrate = `umask 027; exec "$@"`
    const run = [
      'run',
      '--db',
      'db.sqlite3',
      '--',
      'sqlite3',
      'db.sqlite3',
      'create table item (id); insert into item values (1)',
    ]
    const { status, stderr } = await playground.command('sh', '-c', migrate, 'sh', ...DEVSHM, ...run)
    expect(stderr).toContain('saved to db.sqlite3')
    expect(status).toBe(0)
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(lstatSync(playground.origin).mode & 0o7777).toBe(0o640)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }])
    expect(liveFilesIn(playground)).toEqual([])
  })

  test('is absent again if nothing was ever written', async () => {
    await using playground = await createPlayground()
    const { status } = await playground.devshm('run', '--db', 'db.sqlite3', '--', 'sqlite3', 'db.sqlite3', 'select 1')
    expect(status).toBe(0)
    expect(lstatSync(playground.origin, { throwIfNoEntry: false })).toBeUndefined()
    expect(liveFilesIn(playground)).toEqual([])
  })

  test('is absent again, and nothing older comes back, where another database was attached before', async () => {
    await using playground = await createPlayground()
    playground.sql('create table older (id)')
    await playground.devshm('run', '--', 'sqlite3', 'db.sqlite3', 'insert into older values (1)')
    await playground.command('rm', 'db.sqlite3')

    await playground.devshm('run', '--db', 'db.sqlite3', '--', 'true')
    expect(lstatSync(playground.origin, { throwIfNoEntry: false })).toBeUndefined()

    await attachIn(contextOf(playground))
    await playground.command('rm', '-r', playground.volume)
    await playground.command('mkdir', '-m', '700', playground.volume)
    const { stderr } = await playground.devshm('detach', '--db', 'db.sqlite3')
    expect(stderr).toContain('in RAM only, and empty')
    expect(lstatSync(playground.origin, { throwIfNoEntry: false })).toBeUndefined()
  })

  test('is the app’s own file when the app creates it in the moment of the attach', async () => {
    await using playground = await createPlayground()
    const context = contextOf(playground, (step) => {
      if (step === 'attach:recorded') playground.sql('create table item (id)')
    })
    await expect(attachIn(context)).rejects.toMatchObject({ code: 'IN_USE' })
    expect(isLink(playground.origin)).toBe(false)
    expect(playground.sql('select name from sqlite_schema')).toEqual([{ name: 'item' }])
    expect(liveFilesIn(playground)).toEqual([])
  })
})

describe('an empty file as the origin', () => {
  test('comes back as the same empty file if nothing was written', async () => {
    await using playground = await createPlayground()
    writeFileSync(playground.origin, '', { mode: 0o600 })
    const { ino } = lstatSync(playground.origin)
    expect((await playground.devshm('run', '--db', 'db.sqlite3', '--', 'true')).status).toBe(0)
    expect(lstatSync(playground.origin).ino).toBe(ino)
    expect(readFileSync(playground.origin).length).toBe(0)
  })

  test('keeps its permissions when the app fills it', async () => {
    await using playground = await createPlayground()
    writeFileSync(playground.origin, '')
    await playground.command('chmod', '604', 'db.sqlite3')
    const filling = ['sqlite3', 'db.sqlite3', 'pragma page_size = 8192; create table item (id)']
    expect((await playground.devshm('run', '--db', 'db.sqlite3', '--', ...filling)).status).toBe(0)
    expect(lstatSync(playground.origin).mode & 0o7777).toBe(0o604)
    expect(playground.sql('pragma page_size')).toEqual([{ page_size: 8192 }])
  })
})
