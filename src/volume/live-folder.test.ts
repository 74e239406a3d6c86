import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempDisposableSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import {
  createLiveFolder,
  listAllLiveFolders,
  listLiveFolders,
  livePathIn,
  looksLikeLive,
  removeEmptyFolders,
  removeGoneFolder,
  renameLiveFolderAway,
  renameLiveFolderBack,
} from './live-folder.ts'
import type { Volume } from './volume.ts'

const ORIGIN = '/home/me/shop/db.sqlite3'
const USER = `devshm-${process.geteuid?.() ?? 0}`

test('folders that lead to live folders go where there is none, and stay where there is one', async () => {
  using volume = createVolume()
  const [one, two] = [await createLiveFolder(volume, ORIGIN), await createLiveFolder(volume, ORIGIN)]
  rmSync(one, { recursive: true })
  await removeEmptyFolders(volume.path, ORIGIN)
  expect(existsSync(two)).toBe(true)
  // Killed after either of the folders was made, or removed.
  const [project, database] = [dirname(dirname(two)), dirname(two)]
  for (const emptied of [two, database]) {
    mkdirSync(emptied, { recursive: true, mode: 0o700 })
    rmSync(emptied, { recursive: true })
    await removeEmptyFolders(volume.path, ORIGIN)
    expect(existsSync(project)).toBe(false)
  }
  await removeEmptyFolders(volume.path, ORIGIN)
})

test('a live folder is new each time, readable for people, and private at every level', async () => {
  using volume = createVolume()
  const [one, two] = [await createLiveFolder(volume, ORIGIN), await createLiveFolder(volume, ORIGIN)]
  expect(one).toMatch(new RegExp(`^${volume.path}/${USER}/shop-[0-9a-z]{11}/db\\.sqlite3/live-\\w{6}$`))
  expect(two).not.toBe(one)
  for (let folder = one; folder !== volume.path; folder = dirname(folder)) {
    expect(statSync(folder)).toMatchObject({ mode: 0o40700, uid: process.geteuid?.() })
  }
  expect(looksLikeLive(livePathIn(one))).toBe(true)
})

test('projects of the same name never meet, and a strange name is no path', async () => {
  using volume = createVolume()
  const origins = ['/a/shop/db', '/b/shop/db', '/b/../../etc/db', '/b/with space é/db', '/db', '/a/shop/other']
  const folders = await Promise.all(origins.map((origin) => createLiveFolder(volume, origin)))
  expect(new Set(folders.map(dirname)).size).toBe(origins.length)
  for (const folder of folders) expect(folder.slice(volume.path.length)).toMatch(/^(\/[\w.-]+){4}$/)
  for (const [index, origin] of origins.entries())
    expect(await listLiveFolders(volume.path, origin)).toEqual([folders[index]])
  expect((await listAllLiveFolders(volume.path)).toSorted()).toEqual(folders.toSorted())
})

test.for(['file', 'link', 'dangling link', 'pipe'])(
  'a planted %s in the place of the folder is refused and not followed',
  async (kind) => {
    using volume = createVolume()
    using trap = mkdtempDisposableSync('/dev/shm/devshm-trap-')
    const planted = join(volume.path, USER)
    if (kind === 'file') writeFileSync(planted, '')
    if (kind === 'link') symlinkSync(trap.path, planted)
    if (kind === 'dangling link') symlinkSync(join(trap.path, 'new'), planted)
    if (kind === 'pipe') execFileSync('mkfifo', [planted])
    await expect(createLiveFolder(volume, ORIGIN)).rejects.toMatchObject({
      code: 'UNSAFE_FOLDER',
      message: expect.stringContaining(planted) as string,
    })
    expect(readdirSync(trap.path)).toEqual([])
    expect(await listAllLiveFolders(volume.path)).toEqual([])
  },
)

test('a link planted further down is refused as well', async () => {
  using volume = createVolume()
  using trap = mkdtempDisposableSync('/dev/shm/devshm-trap-')
  const database = dirname(await createLiveFolder(volume, ORIGIN))
  rmSync(database, { recursive: true })
  symlinkSync(trap.path, database)
  await expect(createLiveFolder(volume, ORIGIN)).rejects.toMatchObject({ code: 'UNSAFE_FOLDER' })
  mkdirSync(join(trap.path, 'somebody-elses'))
  expect(await listLiveFolders(volume.path, ORIGIN)).toEqual([])
  const project = dirname(database)
  rmSync(project, { recursive: true })
  mkdirSync(join(trap.path, 'db.sqlite3', 'somebody-elses'), { recursive: true })
  symlinkSync(trap.path, project)
  expect(await listLiveFolders(volume.path, ORIGIN)).toEqual([])
  expect(await listAllLiveFolders(volume.path)).toEqual([])
})

test.skipIf(process.geteuid?.() !== 0)("another user's folder is refused and not read (needs root)", async () => {
  using volume = createVolume()
  const folder = await createLiveFolder(volume, ORIGIN)
  execFileSync('chown', ['65534', join(volume.path, USER)])
  await expect(createLiveFolder(volume, ORIGIN)).rejects.toMatchObject({
    code: 'UNSAFE_FOLDER',
    message: expect.stringContaining('belongs to another user (uid 65534)') as string,
  })
  expect(await listLiveFolders(volume.path, ORIGIN)).toEqual([])
  expect(existsSync(folder)).toBe(true)
})

test('once it went away a late opener gets an error, not a new empty database', async () => {
  using volume = createVolume()
  const folder = await createLiveFolder(volume, ORIGIN)
  const open = `import sqlite3, sys
try:
  sqlite3.connect(sys.argv[1]).execute('create table if not exists t (x)')
  print('opened')
except sqlite3.OperationalError as error: print(error)`
  const openLate = (): string => execFileSync('python3', ['-c', open, livePathIn(folder)], { encoding: 'utf8' }).trim()
  expect(openLate()).toBe('opened')
  const gone = await renameLiveFolderAway(folder)
  expect(openLate()).toBe('unable to open database file')
  expect(readdirSync(gone)).toEqual(['live.sqlite3'])
  expect(await renameLiveFolderAway(gone)).toBe(gone)
  await renameLiveFolderBack(gone)
  expect(openLate()).toBe('opened')
})

test('what went away is removed with the folders above it, as far as nobody else has something there', async () => {
  using volume = createVolume()
  const [one, two] = [await createLiveFolder(volume, ORIGIN), await createLiveFolder(volume, '/home/me/shop/other')]
  writeFileSync(livePathIn(one), 'content')
  await removeGoneFolder(await renameLiveFolderAway(one))
  expect(existsSync(dirname(one))).toBe(false)
  expect(existsSync(two)).toBe(true)
  await removeGoneFolder(await renameLiveFolderAway(two))
  expect(readdirSync(join(volume.path, USER))).toEqual([])
})

test('folders side by side come and go at once without a failure', async () => {
  using volume = createVolume()
  const script = `
    const folders = await import(${JSON.stringify(new URL('./live-folder.ts', import.meta.url).href)})
    const [volume, origin] = process.argv.slice(1)
    for (let n = 0; n < 800; n += 1) {
      const folder = await folders.createLiveFolder({ path: volume }, origin)
      await folders.removeGoneFolder(await folders.renameLiveFolderAway(folder))
    }`
  const children = [ORIGIN, ORIGIN, '/home/me/shop/other'].map((origin) => run(script, volume.path, origin))
  expect(await Promise.all(children)).toEqual(['', '', ''])
  expect(readdirSync(join(volume.path, USER))).toEqual([])
})

test('only a live path looks like one', () => {
  expect(looksLikeLive('/dev/shm/devshm-1000/shop-0123456789/db.sqlite3/abcdef/live.sqlite3')).toBe(true)
  expect(looksLikeLive('/dev/shm/devshm-1000/live.sqlite3')).toBe(false)
  expect(looksLikeLive('/home/me/live.sqlite3')).toBe(false)
})

function createVolume(): Volume & Disposable {
  const folder = mkdtempDisposableSync('/dev/shm/devshm-live-')
  return {
    path: folder.path,
    source: 'environment',
    freeBytes: 1e9,
    totalBytes: 1e9,
    usedBytes: 0,
    device: String(statSync(folder.path).dev),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

/** What a program of its own printed as its failure. */
async function run(script: string, ...args: string[]): Promise<string> {
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', script, ...args]).catch((error: unknown) => ({
    stderr: String(error),
  }))
  return stderr
}
