import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { mayMount, mountVolume } from '../../../test/support/small-volume.ts'
import { createPlace, type Place } from './databases.fixture.ts'
import { lockExclusively, lockIfFree, showPresence, someoneIsPresent } from './file-lock.ts'

const DRIVER = join(import.meta.dirname, 'file-lock.driver.ts')

interface Other extends AsyncDisposable {
  readonly pid: number
  /** Let the process end by itself. */
  end(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
}

test('only one of several processes has the lock at a time', async () => {
  using place = createPlace()
  const counter = place.path('counter')
  writeFileSync(counter, '0')
  const processes = [1, 2, 3].map(() => spawnDriver('count', place.path('lock'), counter, '30'))
  const ends = await Promise.all(processes.map(async (each) => (await once(each, 'close'))[0] as number))
  expect(ends).toEqual([0, 0, 0])
  expect(readFileSync(counter, 'utf8')).toBe('90')
})

test('whoever waits too long is told which process has it', async () => {
  using place = createPlace()
  const path = place.path('lock')
  await using other = await start('hold', path)
  await expect(lockExclusively(path, { timeoutMs: 50 })).rejects.toThrow(
    new RegExp(`^another devshm command is at work on ${path}: .* \\(pid ${other.pid}\\)$`),
  )
})

test('whoever waits is told once, after a second, and gets the lock as soon as it is free', async () => {
  using place = createPlace()
  const path = place.path('lock')
  await using other = await start('hold', path)
  const told: string[] = []
  const locking = lockExclusively(path, { timeoutMs: 20_000, onWait: (holders) => told.push(holders) })
  await expect.poll(() => told, { timeout: 30_000 }).toEqual([expect.stringContaining(`(pid ${other.pid})`)])
  await other.end()
  using _lock = await locking
  expect(told).toHaveLength(1)
})

test('it excludes within one process as well', async () => {
  using place = createPlace()
  const path = place.path('lock')
  {
    using _lock = await lockExclusively(path, { timeoutMs: 50 })
    await expect(lockExclusively(path, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'LOCKED' })
  }
  using _again = await lockExclusively(path, { timeoutMs: 50 })
})

test.skipIf(!mayMount && process.geteuid?.() === 0)('what can only be read cannot be locked, and says so', async () => {
  using place = createPlace()
  using volume = mayMount ? mountVolume('size=64k') : undefined
  const path = join(volume?.path ?? dirname(place.path('lock')), 'lock')
  writeFileSync(path, '')
  // SQLite opens it for reading, without a word.
  if (volume === undefined) chmodSync(path, 0o444)
  else execFileSync('mount', ['-o', 'remount,ro', volume.path])
  const refusal = { code: 'IO', message: `${path} cannot be locked, because it can only be read` }
  await expect(lockExclusively(path, { timeoutMs: 50 })).rejects.toMatchObject(refusal)
  expect(() => lockIfFree(path)).toThrow(refusal.message)
  expect(someoneIsPresent(path)).toBe(false)
})

test('kill -9 frees it', async () => {
  using place = createPlace()
  const path = place.path('lock')
  await using other = await start('hold', path)
  await other.kill()
  using _lock = await lockExclusively(path, { timeoutMs: 50 })
})

test('a lock on a file that was removed is none: those who wait take the one at the path', async () => {
  using place = createPlace()
  const path = place.path('lock')
  await using _old = await start('hold', path)
  const waiting = lockExclusively(path, { timeoutMs: 10_000 })
  rmSync(path)
  using _lock = await waiting
  expect(statSync(path).size).toBe(0)
  await expect(lockExclusively(path, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'LOCKED' })
})

test.for(['hold', 'present'])(
  'nothing is ever written: no content, no journal, not after kill -9 (%s)',
  async (action) => {
    using place = createPlace()
    await using other = await start(action, place.path('lock'))
    expect(filesIn(place)).toEqual(['lock 0'])
    await other.kill()
    expect(filesIn(place)).toEqual(['lock 0'])
    expect(someoneIsPresent(place.path('lock'))).toBe(false)
    using _presence = await showPresence(place.path('lock'))
    expect(filesIn(place)).toEqual(['lock 0'])
  },
)

test('a presence shows from another process for as long as any is there', async () => {
  using place = createPlace()
  const path = place.path('present')
  expect(someoneIsPresent(path)).toBe(false)
  await using first = await start('present', path)
  await using second = await start('present', path)
  expect(someoneIsPresent(path)).toBe(true)
  await first.kill()
  expect(someoneIsPresent(path)).toBe(true)
  await second.end()
  expect(someoneIsPresent(path)).toBe(false)
})

test('while a lock is kept that was free, nobody can show a presence there, and afterwards on the file at the path', async () => {
  using place = createPlace()
  const path = place.path('present')
  await using other = await start('present', path)
  expect(lockIfFree(path)).toBeUndefined()
  await other.end()
  const lock = lockIfFree(path)
  const showing = showPresence(path)
  expect(lockIfFree(path)).toBeUndefined()
  rmSync(path)
  lock?.[Symbol.dispose]()
  using _presence = await showing
  expect(someoneIsPresent(path)).toBe(true)
})

test("looking for others does not take one's own presence away", async () => {
  using place = createPlace()
  const path = place.path('present')
  using mine = await showPresence(path)
  expect(someoneIsPresent(path)).toBe(true)
  expect(someoneIsPresent(path)).toBe(true)
  mine[Symbol.dispose]()
  expect(someoneIsPresent(path)).toBe(false)
})

function filesIn(place: Place): string[] {
  return readdirSync(place.folder).map((name) => `${name} ${statSync(place.path(name)).size}`)
}

function spawnDriver(...args: string[]): ChildProcess {
  return spawn(process.execPath, [DRIVER, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** Resolves when it has what it is for. */
async function start(action: string, path: string): Promise<Other> {
  const child = spawnDriver(action, path)
  const ended = once(child, 'close')
  if (child.stdout !== null) await Promise.race([once(child.stdout, 'data'), ended])
  expect(child.exitCode).toBeNull()
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    pid: child.pid ?? 0,
    kill,
    end: async () => {
      child.stdin?.end()
      await ended
    },
    [Symbol.asyncDispose]: kill,
  }
}
