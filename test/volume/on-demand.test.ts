import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useOf } from '../../src/session/volume-use.ts'
import { removeVolume } from '../../src/session/remove-volume.ts'
import { volumeMaker } from '../../src/volume/make/index.ts'
import { attachIn, contextOf, detachIn, type WatchedContext } from '../session/support/in-process.ts'
import { createPlayground, isLink, liveOf, type Playground } from '../support/playground.ts'
import { mayMount } from '../support/small-volume.ts'
import { pretendMac, type Mac } from './support/mac.ts'

const MEGABYTES = 2 ** 20

/** As `devshm run` does it on macOS, where nobody has named a volume. */
function contextOn(mac: Mac, playground: Playground): WatchedContext {
  return { ...contextOf(playground), volume: { env: mac.env, platform: 'darwin' } }
}

describe.runIf(mayMount)('a RAM disk on demand, against stand-ins for the programs of macOS (needs root)', () => {
  test('is made for the first database, of its size, and used by the next', async () => {
    using mac = pretendMac()
    await using playground = await createPlayground()
    playground.sql('create table t (a); insert into t values (zeroblob(40000000))')
    const context = contextOn(mac, playground)
    const path = join(mac.folder, 'Library/Caches/devshm/ram')
    await attachIn(context)
    expect(liveOf(playground.origin).startsWith(`${path}/devshm-`)).toBe(true)
    const { blocks, bsize } = statfsSync(path)
    // Four times the room that it needs, which is twice its size and a margin.
    const bytes = Math.ceil((4 * (2 * 40_050_688 + 4_000_000)) / MEGABYTES) * MEGABYTES
    expect(Math.abs(blocks * bsize - bytes)).toBeLessThanOrEqual(MEGABYTES)
    expect(context.events[0]).toMatchObject({ type: 'made-volume', volume: path, bytes: blocks * bsize })

    const second = { ...playground, origin: join(playground.folder, 'second.sqlite3') }
    playground.sql('create table t (a)', second.origin)
    await attachIn(contextOn(mac, second))
    expect(mac.disks()).toEqual(['disk4'])
    expect((await useOf(path)).projects).toMatchObject([{ project: playground.folder, databases: [{}, {}] }])

    const remove = () => removeVolume(volumeMaker(mac.env, 'darwin'), path, () => undefined)
    await expect(remove()).rejects.toMatchObject({
      code: 'IN_USE',
      hint: expect.stringContaining('devshm detach --db'),
    })
    expect(mac.disks()).toEqual(['disk4'])
    await detachIn(contextOn(mac, second))
    await detachIn(context)
    await remove()
    expect(mac.disks()).toEqual([])
    expect(isLink(playground.origin)).toBe(false)
  })

  test('is made once, by whoever comes first', async () => {
    using mac = pretendMac()
    await using playground = await createPlayground()
    const origins = ['a', 'b', 'c'].map((name) => join(playground.folder, `${name}.sqlite3`))
    for (const origin of origins) playground.sql('create table t (a)', origin)
    const contexts = origins.map((origin) => contextOn(mac, { ...playground, origin }))
    await Promise.all(contexts.map((context) => attachIn(context)))
    expect(mac.disks()).toEqual(['disk4'])
    expect(contexts.flatMap(({ events }) => events.filter(({ type }) => type === 'made-volume'))).toHaveLength(1)
    await Promise.all(contexts.map(detachIn))
  })

  test('that cannot be made leaves everything as it was', async () => {
    using mac = pretendMac()
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    mac.break('newfs_hfs', 'newfs_hfs: Operation not permitted')
    await expect(attachIn(contextOn(mac, playground))).rejects.toMatchObject({
      // With which `devshm run` goes on without RAM.
      code: 'NO_RAM',
      message: expect.stringMatching(/^no RAM disk can be made: .*Operation not permitted/),
    })
    expect(mac.disks()).toEqual([])
    expect(isLink(playground.origin)).toBe(false)
  })

  test('is not made where the user names a volume', async () => {
    using mac = pretendMac({ DEVSHM_VOLUME: '/nonexistent' })
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    await expect(attachIn(contextOn(mac, playground))).rejects.toMatchObject({ code: 'NO_RAM' })
    expect(mac.calls()).toEqual([])
  })

  test('that is too small for a larger database says what to do', async () => {
    using mac = pretendMac()
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    await attachIn(contextOn(mac, playground))
    const large = { ...playground, origin: join(playground.folder, 'large.sqlite3') }
    playground.sql('create table t (a); insert into t values (zeroblob(140000000))', large.origin)
    await expect(attachIn(contextOn(mac, large))).rejects.toMatchObject({
      code: 'NO_RAM',
      message: expect.stringMatching(/it needs 284 MB in RAM with its journal, .* has 268 MB free/),
      hint: expect.stringContaining('devshm volume remove'),
    })
    await detachIn(contextOn(mac, playground))
  })
})
