import { mkdirSync, mkdtempDisposableSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mayMount, mountVolume } from '../../test/support/small-volume.ts'
import { renameDurably, writeFileForNow, writeFileInOneStep } from './replace.ts'

const WAYS = [
  { name: 'durably', write: writeFileInOneStep },
  { name: 'for now', write: async (...args: Parameters<typeof writeFileForNow>) => writeFileForNow(...args) },
]

test.for(WAYS)('a file gets its new content whole, and only its owner may read it ($name)', async ({ write }) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-replace-'))
  const path = join(folder.path, 'state')
  await write(path, 'first', `${path}.new`)
  await write(path, 'second', `${path}.new`)
  expect(readFileSync(path, 'utf8')).toBe('second')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder.path)).toEqual(['state'])
})

test.for(WAYS)('what a crashed attempt left is no hindrance ($name)', async ({ write }) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-replace-'))
  const path = join(folder.path, 'state')
  writeFileSync(`${path}.new`, 'half', { mode: 0o444 })
  await write(path, 'whole', `${path}.new`)
  expect(readFileSync(path, 'utf8')).toBe('whole')
  expect(readdirSync(folder.path)).toEqual(['state'])
})

test.for(WAYS)('whoever reads meanwhile has the old content or the new one ($name)', async ({ write }) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-replace-'))
  const path = join(folder.path, 'state')
  const contents = ['a', 'b'].map((letter) => letter.repeat(200_000))
  writeFileSync(path, contents[0] ?? '')
  let isDone = false
  const writing = (async () => {
    for (let n = 0; n < 20; n += 1) await write(path, contents[n % 2] ?? '', `${path}.new`)
    isDone = true
  })()
  while (!isDone) {
    expect(contents).toContain(readFileSync(path, 'utf8'))
    await new Promise(setImmediate)
  }
  await writing
})

test.skipIf(!mayMount).for(WAYS)(
  'a full disk leaves the old content, and nothing half-made ($name; needs root for a mount)',
  async ({ write }) => {
    using volume = mountVolume('size=64k')
    const path = join(volume.path, 'state')
    await write(path, 'old', `${path}.new`)
    await expect(write(path, 'x'.repeat(100_000), `${path}.new`)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(volume.path)).toEqual(['state'])
  },
)

test('a rename into another folder takes the file along and replaces what was there', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-replace-'))
  const [from, to] = [join(folder.path, 'from'), join(folder.path, 'sub/to')]
  mkdirSync(join(folder.path, 'sub'))
  writeFileSync(from, 'new')
  writeFileSync(to, 'old')
  const { ino } = statSync(from)
  await renameDurably(from, to)
  expect(statSync(to).ino).toBe(ino)
  expect(readdirSync(folder.path)).toEqual(['sub'])
})

test('the file has the permissions that were asked for, or those of any new file', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-replace-'))
  const path = join(folder.path, 'state')
  writeFileSync(join(folder.path, 'any'), '')
  const modeOf = (file: string): number => statSync(file).mode & 0o777
  await writeFileInOneStep(path, 'text', `${path}.new`, 0o664)
  expect(modeOf(path)).toBe(0o664)
  await writeFileInOneStep(path, 'text', `${path}.new`, 'usual')
  expect(modeOf(path)).toBe(modeOf(join(folder.path, 'any')))
})
