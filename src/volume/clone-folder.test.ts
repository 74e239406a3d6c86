import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempDisposableSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { identityOf, ownIdentity, type ProcessIdentity } from '../process/identity.ts'
import { looksLikeBuild } from './build-folder.ts'
import {
  bytesOfClones,
  closePoolFolder,
  closeWorkerFolder,
  createPoolFolder,
  createWorkerFolder,
  poolFolderOf,
  sweepCloneFolders,
} from './clone-folder.ts'
import { addLease } from './leased-folder.ts'
import { createLiveFolder, isOwnLiveFolder, listAllLiveFolders, looksLikeLive } from './live-folder.ts'
import type { Volume } from './volume.ts'

/** A process that has ended: its pid was given to another one. */
const ENDED: ProcessIdentity = { ...ownIdentity(), startedAt: '1' }

function addClone(worker: string, name = 'clone-1'): string {
  mkdirSync(join(worker, name), { mode: 0o700 })
  const path = join(worker, name, 'live.sqlite3')
  writeFileSync(path, 'x'.repeat(10_000))
  return path
}

test('pools are private at every level, and neither projects nor builds', async () => {
  using folder = mkdtempDisposableSync('/dev/shm/devshm-test-')
  const volume: Volume = { path: folder.path, source: 'found', freeBytes: 0, totalBytes: 0, usedBytes: 0, device: '' }
  const pool = createPoolFolder(volume)
  const clone = addClone(createWorkerFolder(pool, ownIdentity()))
  for (let path = dirname(clone); path !== folder.path; path = dirname(path)) {
    expect(statSync(path)).toMatchObject({ mode: 0o40700, uid: process.geteuid?.() })
  }
  expect([looksLikeLive(clone), looksLikeBuild(clone), isOwnLiveFolder(dirname(clone))]).toEqual([false, false, false])
  expect(poolFolderOf(clone)).toBe(pool)
  expect(poolFolderOf(join(folder.path, 'a/b/c/d'))).toBeUndefined()
  expect(bytesOfClones(volume)).toBeGreaterThanOrEqual(10_000)
  const live = await createLiveFolder(volume, '/home/me/shop/db.sqlite3')
  expect(await listAllLiveFolders(volume.path)).toEqual([live])
  await closePoolFolder(pool)
  expect(bytesOfClones(volume)).toBe(0)
})

test('a sweep takes ended workers of a living pool, and ended pools without a living worker', async () => {
  using volume = mkdtempDisposableSync('/dev/shm/devshm-test-')
  await sweepCloneFolders(volume)
  const [living, ended, waiting, kept] = [
    createPoolFolder(volume),
    createPoolFolder(volume, ENDED),
    createPoolFolder(volume, ENDED),
    createPoolFolder(volume, ENDED),
  ]
  const clones = [
    [living, ownIdentity()],
    [living, ENDED],
    [ended, ENDED],
    [waiting, ownIdentity()],
    [waiting, ENDED],
    [kept, ENDED],
  ].map(([pool, maker]) => addClone(createWorkerFolder(pool as string, maker as ProcessIdentity)))
  const test = identityOf(process.pid)
  if (test !== undefined) for (const folder of [kept, dirname(dirname(clones[5] ?? ''))]) addLease(folder, test)
  await sweepCloneFolders(volume)
  expect(clones.map((path) => existsSync(path))).toEqual([true, false, false, true, false, true])
})

test('what a process in another container made is taken to be in use for a day', async () => {
  using volume = mkdtempDisposableSync('/dev/shm/devshm-test-')
  const pools = [createPoolFolder(volume), createPoolFolder(volume)]
  for (const pool of pools) {
    const lease = { ...ownIdentity(), startedAt: '1', pidNamespace: 'pid:[1]' }
    writeFileSync(join(pool, 'maker.json'), JSON.stringify(lease))
  }
  const longAgo = Date.now() / 1000 - 100_000
  utimesSync(join(pools[1] ?? '', 'maker.json'), longAgo, longAgo)
  await sweepCloneFolders(volume)
  expect(pools.map((pool) => existsSync(pool))).toEqual([true, false])
})

test('what is open stays when a pool is closed, and goes with the first sweep after it was closed', async () => {
  using volume = mkdtempDisposableSync('/dev/shm/devshm-test-')
  const pool = createPoolFolder(volume)
  const [one, two] = [createWorkerFolder(pool, ownIdentity()), createWorkerFolder(pool, ownIdentity())]
  const [open, closed] = [addClone(one), addClone(two)]
  const file = openSync(open, 'r')
  try {
    await closeWorkerFolder(one)
    await closePoolFolder(pool)
    await sweepCloneFolders(volume)
    expect([open, closed].map((path) => existsSync(path))).toEqual([true, false])
  } finally {
    closeSync(file)
  }
  await sweepCloneFolders(volume)
  expect(readdirSync(volume.path)).toEqual([])
})

test('what is planted is neither used nor removed', async () => {
  using volume = mkdtempDisposableSync('/dev/shm/devshm-test-')
  using trap = mkdtempDisposableSync('/dev/shm/devshm-trap-')
  const user = join(volume.path, `devshm-${process.geteuid?.() ?? 0}`)
  mkdirSync(user, { mode: 0o700 })
  symlinkSync(trap.path, join(user, 'clones'))
  mkdirSync(join(trap.path, 'pool-planted'))
  expect(() => createPoolFolder(volume)).toThrow(/is a symbolic link/)
  await expect(closePoolFolder(join(user, 'clones/pool-planted'))).rejects.toMatchObject({ code: 'UNSAFE_FOLDER' })
  await sweepCloneFolders(volume)
  expect(bytesOfClones(volume)).toBe(0)
  expect(readdirSync(trap.path)).toEqual(['pool-planted'])
})
