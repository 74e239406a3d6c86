import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempDisposableSync,
  openSync,
  closeSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import {
  createBuildFolder,
  isOwnBuildFolder,
  looksLikeBuild,
  removeBuildFolder,
  sweepBuildFolders,
} from './build-folder.ts'
import { makerOf } from './leased-folder.ts'
import { createLiveFolder, listAllLiveFolders, looksLikeLive } from './live-folder.ts'
import type { Volume } from './volume.ts'

const USER = `devshm-${process.geteuid?.() ?? 0}`

/** Makes a build folder, says where, and is killed. */
async function folderOfKilledMaker(path: string): Promise<string> {
  const module = join(import.meta.dirname, 'build-folder.ts')
  const script = `import { createBuildFolder } from ${JSON.stringify(module)}
    console.log(await createBuildFolder({ path: ${JSON.stringify(path)} }))
    process.kill(process.pid, 'SIGKILL')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [[line]] = (await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])) as [[Buffer], unknown]
  return line.toString().trim()
}

test.each(['/dev/shm', '/tmp'])(
  'a build folder is new, private at every level, and its maker is known (%s)',
  async (base) => {
    using volume = mkdtempDisposableSync(join(base, 'devshm-test-'))
    const [one, two] = [await createBuildFolder(volume), await createBuildFolder(volume)]
    expect(one).toMatch(new RegExp(`^${volume.path}/${USER}/builds/build-\\w{6}$`))
    expect(two).not.toBe(one)
    for (let folder = one; folder !== volume.path; folder = dirname(folder)) {
      expect(statSync(folder)).toMatchObject({ mode: 0o40700, uid: process.geteuid?.() })
    }
    expect(makerOf(one)).toMatchObject({ pid: process.pid })
    const target = join(one, 'db.sqlite3')
    expect([looksLikeBuild(target), looksLikeLive(target), isOwnBuildFolder(one)]).toEqual([true, false, true])
    for (const folder of [one, two]) await removeBuildFolder(folder)
    expect(readdirSync(volume.path)).toEqual([])
  },
)

test('what is planted is neither used, nor believed, nor removed', async () => {
  using volume = mkdtempDisposableSync('/dev/shm/devshm-test-')
  using trap = mkdtempDisposableSync('/dev/shm/devshm-trap-')
  mkdirSync(join(volume.path, USER), { mode: 0o700 })
  symlinkSync(trap.path, join(volume.path, USER, 'builds'))
  mkdirSync(join(trap.path, 'build-planted'))
  const planted = join(volume.path, USER, 'builds/build-planted')
  await expect(createBuildFolder(volume)).rejects.toMatchObject({ code: 'UNSAFE_FOLDER' })
  expect(isOwnBuildFolder(planted)).toBe(false)
  await expect(removeBuildFolder(planted)).rejects.toMatchObject({ code: 'UNSAFE_FOLDER' })
  await sweepBuildFolders(volume)
  expect(readdirSync(trap.path)).toEqual(['build-planted'])
  for (const path of ['/x/builds/build-1/db', '/devshm-0/builds/other/db', '/devshm-0/builds/build-1']) {
    expect(looksLikeBuild(path)).toBe(false)
  }
})

test('builds are no project with live databases', async () => {
  using folder = mkdtempDisposableSync('/dev/shm/devshm-test-')
  const volume: Volume = { path: folder.path, source: 'found', freeBytes: 0, totalBytes: 0, usedBytes: 0, device: '' }
  const build = await createBuildFolder(volume)
  mkdirSync(join(build, 'deeper'))
  const live = await createLiveFolder(volume, '/home/me/shop/db.sqlite3')
  expect(await listAllLiveFolders(volume.path)).toEqual([live])
})

test('a sweep takes what a killed builder left, never what is in use or being begun', async () => {
  using volume = mkdtempDisposableSync('/dev/shm/devshm-test-')
  await sweepBuildFolders(volume)
  const own = await createBuildFolder(volume)
  const [dead, open] = [await folderOfKilledMaker(volume.path), await folderOfKilledMaker(volume.path)]
  expect(makerOf(dead)).toBeUndefined()
  const database = join(open, 'db.sqlite3')
  writeFileSync(database, '')
  const [begun, abandoned] = ['begun-1', 'begun-2'].map((name) => join(dirname(own), name))
  for (const folder of [begun ?? '', abandoned ?? '']) mkdirSync(folder, { mode: 0o700 })
  const longAgo = Date.now() / 1000 - 120
  utimesSync(abandoned ?? '', longAgo, longAgo)
  const file = openSync(database, 'r')
  try {
    await sweepBuildFolders(volume)
    expect([own, dead, open, begun ?? '', abandoned ?? ''].map((path) => existsSync(path))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ])
  } finally {
    closeSync(file)
  }
  await sweepBuildFolders(volume)
  expect(existsSync(open)).toBe(false)
})

test('builds side by side come and go without a failure', async () => {
  using volume = mkdtempDisposableSync('/dev/shm/devshm-test-')
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      await removeBuildFolder(await createBuildFolder(volume))
      await sweepBuildFolders(volume)
    }),
  )
  expect(readdirSync(volume.path)).toEqual([])
})
