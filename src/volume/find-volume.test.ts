import { mkdtempDisposableSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { createFolderOnDisk } from '../../test/support/django/disk-folder.ts'
import { mayMount, mountVolume } from '../../test/support/small-volume.ts'
import { findVolume, listCandidates, volumePaths } from './find-volume.ts'

test('DEVSHM_VOLUME is the only candidate when it is set, then the configured folder', async () => {
  using ram = mkdtempDisposableSync('/dev/shm/devshm-find-')
  using other = mkdtempDisposableSync('/dev/shm/devshm-find-')
  const env = { DEVSHM_VOLUME: ram.path }
  expect(await listCandidates({ env, configured: other.path })).toMatchObject([
    { path: ram.path, source: 'environment' },
  ])
  expect(await findVolume({ env, configured: other.path }, 0)).toMatchObject({ path: ram.path, source: 'environment' })
  for (const unset of [{}, { DEVSHM_VOLUME: '' }]) {
    expect(await listCandidates({ env: unset, configured: other.path })).toMatchObject([
      { path: other.path, source: 'configuration' },
    ])
  }
})

test('without a wish the usual places are looked at, /dev/shm first', async () => {
  const candidates = await listCandidates({ env: { XDG_RUNTIME_DIR: '/run/user/nobody' } })
  expect(candidates.map(({ path }) => path)).toEqual(['/dev/shm', '/run/shm', '/run/user/nobody', '/tmp'])
  expect(await findVolume({ env: {} }, 0)).toMatchObject({ path: '/dev/shm', source: 'found' })
})

test('a folder that the user names and that is no use is never replaced by another', async () => {
  using disk = createFolderOnDisk('devshm-find-')
  await expect(findVolume({ env: { DEVSHM_VOLUME: disk.path } }, 0)).rejects.toMatchObject({
    code: 'NO_RAM',
    message: `there is no RAM-backed folder here (${disk.path} is not in RAM)`,
    hint: 'make one: devshm volume create /mnt/ram --size 1G, and name it with DEVSHM_VOLUME',
  })
  await expect(findVolume({ env: {}, configured: join(disk.path, 'missing') }, 0)).rejects.toMatchObject({
    code: 'NO_RAM',
    message: `there is no RAM-backed folder here (${disk.path}/missing does not exist)`,
  })
})

test('what does not fit is told with the numbers', async () => {
  using ram = mkdtempDisposableSync('/dev/shm/devshm-find-')
  await expect(findVolume({ env: { DEVSHM_VOLUME: ram.path } }, 7e17)).rejects.toMatchObject({
    code: 'NO_RAM',
    message: expect.stringMatching(
      new RegExp(`^it needs 700000 TB in RAM with its journal, ${ram.path} has [\\d.]+ [KMGT]B free$`),
    ) as string,
    hint: expect.stringContaining('--shm-size') as string,
    details: { path: ram.path, neededBytes: 7e17, freeBytes: expect.any(Number) as number },
  })
})

test.skipIf(!mayMount)('what fits to the byte is accepted, one more is not (needs root for a mount)', async () => {
  using volume = mountVolume('size=2m')
  const wish = { env: { DEVSHM_VOLUME: volume.path } }
  const size = 2 * 1024 * 1024
  expect(await findVolume(wish, size)).toMatchObject({ path: volume.path, freeBytes: size })
  await expect(findVolume(wish, size + 1)).rejects.toThrow(
    `it needs 2.1 MB in RAM with its journal, ${volume.path} has 2.1 MB free`,
  )
})

test('a volume has one path, whatever links lead to it', () => {
  using ram = mkdtempDisposableSync('/dev/shm/devshm-find-')
  symlinkSync(ram.path, join(ram.path, 'link'))
  expect(volumePaths({ env: { DEVSHM_VOLUME: join(ram.path, 'link') } })).toEqual([ram.path])
  expect(volumePaths({ env: { DEVSHM_VOLUME: join(ram.path, 'missing') } })).toEqual([])
  expect(volumePaths({ env: { DEVSHM_VOLUME: relative(process.cwd(), ram.path) } })).toEqual([])
  const usual = volumePaths({ env: { XDG_RUNTIME_DIR: '/dev/shm' } })
  expect(usual.filter((path) => path === '/dev/shm')).toEqual(['/dev/shm'])
})
