import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, type Playground } from '../support/playground.ts'
import { contextOf, saveIn } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'
import { attachedWithoutLink, attachWithoutLink, expectFile, idsIn, snapshotPath } from './support/without-link.ts'

function loseRam({ volume }: Playground): void {
  for (const name of readdirSync(volume)) rmSync(join(volume, name), { recursive: true })
}

describe('the RAM is gone', () => {
  test('the last save takes the place of the file, and it is said from when it is', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    const { facts } = await saveIn(contextOf(playground))
    app('insert into item values (3)')
    loseRam(playground)
    expect((await playground.status())['state']).toBe('stale')
    expect((await playground.devshm('doctor')).stdout).toMatch(/was in RAM without a link, and that RAM is gone/)
    expect((await playground.devshm('diff')).stderr).toMatch(/the RAM that .* was in is gone/)
    const next = await playground.devshm('detach', '--json')
    expect(JSON.parse(next.stderr.split('\n')[0] ?? '')).toMatchObject({ type: 'restored', savedAt: facts.savedAt })
    expect(idsIn(playground)).toEqual([1, 2])
    expectFile(playground)
    expect(idsIn(playground, snapshotPath(playground, '@attach'))).toEqual([1])
    expect((await playground.status())['state']).toBe('on-disk')
  })

  test('without a save the file is what it was', async () => {
    await using session = await attachedWithoutLink()
    session.app('insert into item values (2)')
    loseRam(session.playground)
    expect((await session.detach())[0]).toMatchObject({ type: 'restored', savedAt: expect.any(String) as string })
    expect(idsIn(session.playground)).toEqual([1])
  })

  test('somebody has worked with the file since: it stays, and the save is kept as @replaced', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    await saveIn(contextOf(playground))
    loseRam(playground)
    playground.sql('insert into item values (9)')
    expect((await session.detach())[0]).toMatchObject({ type: 'replaced', isThere: true, route: 'hook' })
    expect(idsIn(playground)).toEqual([1, 9])
    expect(idsIn(playground, snapshotPath(playground, '@replaced'))).toEqual([1, 2])
  })

  test('a database that was never on disk comes from its save, or is gone', async () => {
    await using playground = await createPlayground()
    const first = await attachWithoutLink(playground)
    loseRam(playground)
    expect((await first.detach())[0]).toMatchObject({ type: 'restored', savedAt: undefined })
    const second = await attachWithoutLink(playground)
    second.app('create table item (id); insert into item values (4)')
    await saveIn(contextOf(playground))
    loseRam(playground)
    expect((await second.detach())[0]).toMatchObject({ type: 'restored' })
    expect(idsIn(playground)).toEqual([4])
  })

  test('it is left alone while a program has the file open', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    await saveIn(contextOf(playground))
    loseRam(playground)
    const reader = playground.start('sh', '-c', 'exec 3<db.sqlite3; echo open; read line')
    await reader.waitFor(/open/)
    expect(await playground.devshm('detach')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/is open in/) as string,
    })
    reader.process.stdin?.write('\n')
    await reader.exit
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(idsIn(playground)).toEqual([1, 2])
  })
})

/** As after a restart, or on a shared folder, that gives out new ones. */
function forgetInodes(path: string): void {
  const record = JSON.parse(readFileSync(path, 'utf8')) as { before: object }
  writeFileSync(path, JSON.stringify({ ...record, folder: '1:1', before: { ...record.before, inode: '1:2' } }))
}

test('inodes that are others than they were change nothing, with and without RAM', async () => {
  for (const isRamLost of [false, true]) {
    await using session = await attachedWithoutLink()
    const { playground, app, live } = session
    app('insert into item values (2)')
    await saveIn(contextOf(playground))
    forgetInodes(join(playground.folder, '.devshm/db.sqlite3/attachment.json'))
    forgetInodes(join(live, '../attachment.json'))
    if (isRamLost) loseRam(playground)
    expect(await session.detach()).toMatchObject([{ type: isRamLost ? 'restored' : 'detached' }])
    expect(idsIn(playground)).toEqual([1, 2])
    expect(liveFilesIn(playground)).toEqual([])
  }
})
