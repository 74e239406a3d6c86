import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { mayMount, mountVolume } from '../../test/support/small-volume.ts'
import { freeBytes, requireSpace } from './space.ts'

test('enough room is no event', async () => {
  await requireSpace(tmpdir(), 0, 'nothing')
  await requireSpace(tmpdir(), 1, 'a byte')
})

test('too little room is told with both numbers and what it is for', async () => {
  await expect(requireSpace(tmpdir(), 5e18, 'saving db.sqlite3')).rejects.toMatchObject({
    code: 'NO_SPACE',
    message: expect.stringMatching(
      new RegExp(`^saving db\\.sqlite3 needs 5000000 TB, ${tmpdir()} has [\\d.]+ [KMGT]?B free$`),
    ) as string,
    hint: 'free some space there and try again',
    details: { path: tmpdir(), neededBytes: 5e18, freeBytes: expect.any(Number) as number },
  })
})

test.skipIf(!mayMount)('what is free is what can still be written, to the page (needs root for a mount)', async () => {
  using volume = mountVolume('size=2m')
  expect(await freeBytes(volume.path)).toBe(2 * 1024 * 1024)
  writeFileSync(`${volume.path}/file`, Buffer.alloc(1024 * 1024))
  expect(await freeBytes(volume.path)).toBe(1024 * 1024)
  await requireSpace(volume.path, 1024 * 1024, 'the rest')
  await expect(requireSpace(volume.path, 1024 * 1024 + 1, 'more')).rejects.toThrow(
    `more needs 1.0 MB, ${volume.path} has 1.0 MB free`,
  )
})
