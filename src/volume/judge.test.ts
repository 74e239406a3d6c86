import { chmodSync, mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { createFolderOnDisk } from '../../test/support/django/disk-folder.ts'
import { mayMount, mountVolume } from '../../test/support/small-volume.ts'
import { isInMemory, judge } from './judge.ts'
import { availableMemory } from './memory.ts'

const isRoot = process.geteuid?.() === 0

test('a folder in RAM is a volume, known by its real path, with what is left of it', async () => {
  using folder = mkdtempDisposableSync('/dev/shm/devshm-judge-')
  symlinkSync(folder.path, join(folder.path, 'link'))
  expect(await judge(join(folder.path, 'link'), 'configuration')).toEqual({
    path: join(folder.path, 'link'),
    source: 'configuration',
    volume: {
      path: folder.path,
      source: 'configuration',
      freeBytes: expect.toSatisfy((bytes: number) => bytes > 0) as number,
      totalBytes: expect.toSatisfy((bytes: number) => bytes > 0) as number,
      usedBytes: expect.toSatisfy((bytes: number) => bytes >= 0) as number,
      device: expect.stringMatching(/^\d+$/) as string,
    },
  })
})

test('what cannot be used says why', async () => {
  using disk = createFolderOnDisk('devshm-judge-')
  using ram = mkdtempDisposableSync('/dev/shm/devshm-judge-')
  writeFileSync(join(ram.path, 'file'), '')
  symlinkSync(disk.path, join(ram.path, 'to-disk'))
  const refusals = [
    [disk.path, 'is not in RAM'],
    [join(ram.path, 'to-disk'), 'is not in RAM'],
    [join(ram.path, 'missing'), 'does not exist'],
    [join(ram.path, 'file'), 'is not a folder'],
    [relative(process.cwd(), ram.path), 'is not an absolute path'],
  ] as const
  for (const [path, refusal] of refusals) expect(await judge(path, 'found')).toEqual({ path, source: 'found', refusal })
})

test.skipIf(!mayMount)('a read-only volume is refused (needs root for a mount)', async () => {
  using volume = mountVolume('ro,size=1m')
  expect(await judge(volume.path, 'found')).toMatchObject({ refusal: 'is read-only' })
})

test.skipIf(!mayMount)(
  'what is free is what the volume still takes, or the memory that is left (needs root for a mount)',
  async () => {
    using volume = mountVolume('size=2m')
    writeFileSync(join(volume.path, 'file'), Buffer.alloc(1024 * 1024))
    expect(await judge(volume.path, 'found')).toMatchObject({
      volume: { freeBytes: 1024 * 1024, totalBytes: 2 * 1024 * 1024 },
    })
    // Promised by the mount, but not there.
    using huge = mountVolume('size=1000g')
    const candidate = await judge(huge.path, 'found')
    const left = availableMemory()
    expect('volume' in candidate && candidate.volume.freeBytes).toBeLessThan(2 * left)
  },
)

test.skipIf(!mayMount)('two mounts are two devices (needs root for a mount)', async () => {
  using one = mountVolume('size=1m')
  using two = mountVolume('size=1m')
  const devices = await Promise.all(
    [one, two].map(async ({ path }) => {
      const candidate = await judge(path, 'found')
      return 'volume' in candidate ? candidate.volume.device : undefined
    }),
  )
  expect(new Set(devices).size).toBe(2)
})

test.skipIf(!isRoot)("another user's private folder is refused (needs root, to be another user)", () => {
  using ram = mkdtempDisposableSync('/dev/shm/devshm-judge-')
  chmodSync(ram.path, 0o755)
  mkdirSync(join(ram.path, 'private'), { mode: 0o700 })
  mkdirSync(join(ram.path, 'readable'), { mode: 0o755 })
  const script = `const { judge } = await import(${JSON.stringify(new URL('./judge.ts', import.meta.url).href)})
    for (const path of process.argv.slice(1)) console.log((await judge(path, 'found')).refusal)`
  const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath, '-e', script]
  const printed = execFileSync('setpriv', [...asNobody, join(ram.path, 'private'), join(ram.path, 'readable')], {
    encoding: 'utf8',
  })
  expect(printed.trim().split('\n')).toEqual(['is not writable for this user', 'is not writable for this user'])
})

test('whether a folder is in RAM is told by what it is, not by its name', async () => {
  using disk = createFolderOnDisk('dev-shm-')
  using ram = mkdtempDisposableSync('/dev/shm/devshm-judge-')
  expect(await isInMemory(ram.path)).toBe(true)
  expect(await isInMemory(disk.path)).toBe(false)
})
