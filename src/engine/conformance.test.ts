import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { copyFileTo } from './conformance.fixture.ts'
import { createPlace } from './sqlite/databases.fixture.ts'
import { sqliteUnderTest } from './sqlite/under-test.fixture.ts'

const MODES = ['rollback', 'wal'] as const

describe.each([{ name: 'sqlite', underTest: sqliteUnderTest }])('the $name engine', ({ name, underTest }) => {
  const { engine, create, countItems, startApp } = underTest

  test('has the name it goes by', () => {
    expect(engine.name).toBe(name)
  })

  test.for(MODES)('tells what is at a path (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    expect(await engine.inspect(path)).toEqual({ kind: 'absent' })
    writeFileSync(path, '')
    expect(await engine.inspect(path)).toEqual({ kind: 'empty' })
    create(path, { items: 20, journalMode })
    expect(await engine.inspect(path)).toMatchObject({ kind: 'database', journalMode, bytes: statSync(path).size })
    writeFileSync(path, 'Dear diary, '.repeat(100))
    expect(await engine.inspect(path)).toMatchObject({ kind: 'other' })
  })

  test.for(MODES)('knows every file that belongs to a database (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode })
    await using app = await startApp(path)
    await app.beginWriting()
    await app.kill()
    const known = [path, ...engine.sidecarsOf(path)].map((file) => basename(file))
    expect(readdirSync(place.folder).filter((file) => !known.includes(file))).toEqual([])
  })

  test.for(MODES)('names the other processes that have a database open, in use or not (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode })
    expect(await engine.findOpeners(path)).toEqual([])
    await using app = await startApp(path)
    const [opener, ...others] = await engine.findOpeners(path)
    expect(opener).toMatchObject({ pid: app.pid, command: expect.stringContaining('python') as string })
    expect(others).toEqual([])
    await app.kill()
    expect(await engine.findOpeners(path)).toEqual([])
    expect(await engine.findOpeners(place.path('absent'))).toEqual([])
  })

  test.for(MODES)('keeps writers out and lets readers go on (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode })
    await using app = await startApp(path)
    {
      using lock = await engine.lockWriters(path)
      await expect(app.addItem()).rejects.toThrow('locked')
      expect(await app.look()).toBe(20)
      lock[Symbol.dispose]()
    }
    await app.addItem()
    expect(await app.look()).toBe(21)
  })

  test.for(MODES)('brings a database into one file before it is locked (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode })
    await using app = await startApp(path)
    await app.addItem()
    using _lock = await engine.lockWriters(path)
    // Only another process may read the raw file: closing it here would drop our lock (POSIX).
    execFileSync('cp', [path, place.path('copy')])
    expect(countItems(place.path('copy'))).toBe(21)
  })

  test.for(MODES)('waits for a writer, and says so when it takes too long (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode })
    await using app = await startApp(path)
    await app.beginWriting()
    await expect(engine.lockWriters(path, { timeoutMs: 60 })).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(path) as string,
    })
    const waiting = engine.lockWriters(path)
    await app.commit()
    using _lock = await waiting
    await expect(app.addItem()).rejects.toThrow('locked')
  })

  test.for(MODES)('sees by locks alone that a database is in use (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode })
    await using app = await startApp(path)
    await app.beginWriting()
    expect(await engine.canHaveExclusively(path)).toBe(false)
    await app.kill()
    expect(await engine.canHaveExclusively(path)).toBe(true)
    expect(countItems(path)).toBe(20)
  })

  test.for(MODES)('notices a commit, and nothing else (%s)', async (journalMode) => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode })
    await using app = await startApp(path)
    await app.addItem()
    using watch = engine.watchCommits(path)
    expect(await app.look()).toBe(21)
    expect(watch.sawCommit()).toBe(false)
    await app.addItem()
    expect(watch.sawCommit()).toBe(true)
    expect(watch.sawCommit()).toBe(true)
  })

  test.for(MODES)(
    'copies one committed state with the given permissions, and overwrites nothing (%s)',
    async (mode) => {
      using place = createPlace()
      const [path, copy] = [place.path('db'), place.path('copy')]
      create(path, { items: 200, journalMode: mode })
      {
        using pinned = await engine.pin(path)
        expect(pinned).toMatchObject({ journalMode: mode, bytes: pinned.pageCount * pinned.pageSize })
        await pinned.copyTo(copy, 0o664)
        expect(statSync(copy).mode & 0o777).toBe(0o664)
        await expect(pinned.copyTo(copy, 0o600)).rejects.toMatchObject({ code: 'EEXIST' })
        expect(await engine.verify(copy, pinned)).toEqual({ sound: true })
        pinned[Symbol.dispose]()
      }
      expect(statSync(copy).size).toBe(statSync(path).size)
      expect(engine.sidecarsOf(copy).filter((file) => existsSync(file))).toEqual([])
      expect(await engine.inspect(copy)).toMatchObject({ journalMode: mode })
      expect(await engine.haveSameContent(path, copy)).toBe(true)
      expect(countItems(copy)).toBe(200)
    },
  )

  test.for(MODES)('replaces the content of a database that an app has open, and keeps its mode (%s)', async (mode) => {
    using place = createPlace()
    const [path, from] = [place.path('db'), place.path('new')]
    create(path, { items: 20, journalMode: mode })
    create(from, { items: 30, journalMode: mode === 'wal' ? 'rollback' : 'wal' })
    await using app = await startApp(path)
    await app.addItem()
    const kept: string[] = []
    const overwrite = (answer: 'go on' | 'leave it', timeoutMs: number): Promise<'overwritten' | 'left'> =>
      engine.overwrite(path, from, {
        stageIn: place.folder,
        timeoutMs,
        before: async (old) => {
          kept.push(place.path(`kept-${kept.length}`))
          await old.copyTo(kept.at(-1) ?? '', 0o600)
          return answer
        },
      })
    expect(await overwrite('leave it', 1000)).toBe('left')
    expect(await app.look()).toBe(21)
    await app.beginWriting()
    await expect(overwrite('go on', 50)).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`pid ${app.pid}`) as string,
    })
    await app.commit()
    expect(await overwrite('go on', 1000)).toBe('overwritten')
    expect(await app.look()).toBe(30)
    expect(countItems(kept.at(-1) ?? '')).toBe(22)
    await app.kill()
    expect(await engine.inspect(path)).toMatchObject({ kind: 'database', journalMode: mode })
  })

  test('says when what it verifies is damaged or not what was pinned', async () => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 200, journalMode: 'rollback' })
    using pinned = await engine.pin(path)
    pinned[Symbol.dispose]()
    const { pageCount, pageSize } = pinned
    expect(await engine.verify(path, { pageCount: pageCount + 1, pageSize })).toMatchObject({ sound: false })
    truncateSync(copyFileTo(path, place.path('short')), pageSize * (pageCount - 1))
    expect(await engine.verify(place.path('short'), pinned)).toMatchObject({ sound: false })
    underTest.damage(copyFileTo(path, place.path('damaged')))
    expect(await engine.verify(place.path('damaged'), pinned)).toMatchObject({ sound: false })
    expect(await engine.verify(path, pinned)).toEqual({ sound: true })
  })

  test('tells content from content', async () => {
    using place = createPlace()
    const [path, longer, other] = [place.path('db'), place.path('longer'), place.path('other')]
    create(path, { items: 20, journalMode: 'rollback' })
    appendFileSync(copyFileTo(path, longer), Buffer.alloc(1))
    underTest.damage(copyFileTo(path, other))
    expect(await engine.haveSameContent(path, copyFileTo(path, place.path('same')))).toBe(true)
    expect(await engine.haveSameContent(path, longer)).toBe(false)
    expect(await engine.haveSameContent(path, other)).toBe(false)
  })

  test('says what differs between two databases, row by row on request', async () => {
    using place = createPlace()
    const [path, before, after] = [place.path('db'), place.path('before'), place.path('after')]
    create(path, { items: 3, journalMode: 'rollback' })
    copyFileTo(path, before)
    {
      await using app = await startApp(path)
      await app.addItem()
    }
    copyFileTo(path, after)
    const same = await engine.diff(before, before, { rows: true })
    expect(same).toEqual({ schema: [], tables: [], unchangedTables: 1 })
    const { tables } = await engine.diff(before, after, { rows: true })
    expect(tables).toMatchObject([{ added: 1, removed: 0, changed: 0, rows: [{ change: 'added', key: [4] }] }])
  })

  test('sets the journal mode, which alone is no other content when it is not asked for', async () => {
    using place = createPlace()
    const [path, copy] = [place.path('db'), place.path('copy')]
    create(path, { items: 20, journalMode: 'rollback' })
    copyFileTo(path, copy)
    await engine.setJournalMode(copy, 'wal')
    expect(await engine.inspect(copy)).toMatchObject({ journalMode: 'wal' })
    expect(await engine.haveSameContent(path, copy)).toBe(false)
    expect(await engine.haveSameContent(path, copy, { ignoreJournalMode: true })).toBe(true)
    await engine.setJournalMode(copy, 'rollback')
    expect(await engine.haveSameContent(path, copy)).toBe(true)
    expect(engine.sidecarsOf(copy).filter((file) => existsSync(file))).toEqual([])
  })

  test('leaves one complete file when it stops keeping the log short', async () => {
    using place = createPlace()
    const path = place.path('db')
    create(path, { items: 20, journalMode: 'wal' })
    {
      using _keeper = engine.keepLogShort(path)
      await using app = await startApp(path)
      await app.addItem()
    }
    expect(countItems(copyFileTo(path, place.path('copy')))).toBe(21)
  })

  test.for(MODES)(
    'times commits that are made, each on its own connection or all on one, and leaves the rest (%s)',
    async (journalMode) => {
      using place = createPlace()
      const [path, before] = [place.path('db'), place.path('before')]
      create(path, { items: 20, journalMode })
      copyFileTo(path, before)
      const { signal } = new AbortController()
      let made = 0
      for (const each of ['commit', 'request'] as const) {
        const { count, ms } = await engine.timeCommits(path, { each, forMs: 20, signal })
        expect(ms).toBeGreaterThanOrEqual(20)
        made += count
      }
      const { tables } = await engine.diff(before, path, { rows: false })
      // One more, to be looked at by requests.
      expect(tables.map(({ added, removed, changed }) => ({ added, removed, changed }))).toEqual([
        { added: made + 1, removed: 0, changed: 0 },
      ])
      expect(countItems(path)).toBe(20)
      const controller = new AbortController()
      const timing = engine.timeCommits(path, { each: 'request', forMs: 60_000, signal: controller.signal })
      controller.abort(new Error('enough'))
      await expect(timing).rejects.toThrow('enough')
    },
  )
})
