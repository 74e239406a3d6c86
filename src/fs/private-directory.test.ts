import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempDisposableSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensurePrivateDirectory, unsafeBecause } from './private-directory.ts'

const isRoot = process.geteuid?.() === 0

/** `nobody`, as good as any other user. */
const ANOTHER_USER = 65_534

test('a folder is made that only its owner can enter, whatever the umask', () => {
  using place = createPlace()
  ensurePrivateDirectory(place.wanted)
  expect(statSync(place.wanted).mode & 0o777).toBe(0o700)
  expect(unsafeBecause(place.wanted)).toBeUndefined()
})

test('one that is there already is kept with all it holds', () => {
  using place = createPlace()
  ensurePrivateDirectory(place.wanted)
  const { ino } = statSync(place.wanted)
  writeFileSync(join(place.wanted, 'file'), '')
  ensurePrivateDirectory(place.wanted)
  expect(statSync(place.wanted).ino).toBe(ino)
  expect(readdirSync(place.wanted)).toEqual(['file'])
})

test.for([0o755, 0o777, 0o770, 0o711, 0o500])('our own with mode %o is closed again', (mode) => {
  using place = createPlace()
  mkdirSync(place.wanted)
  chmodSync(place.wanted, mode)
  expect(unsafeBecause(place.wanted)).toBe('mode')
  ensurePrivateDirectory(place.wanted)
  expect(statSync(place.wanted).mode & 0o777).toBe(0o700)
})

test('a link is refused, even to a private folder of our own, and not followed', () => {
  using place = createPlace()
  ensurePrivateDirectory(place.in('target'))
  for (const target of ['target', 'nowhere']) {
    using again = createPlace()
    symlinkSync(place.in(target), again.wanted)
    expect(failureOf(again.wanted)).toMatchObject({
      code: 'UNSAFE_FOLDER',
      message: `${again.wanted} is a symbolic link, so devshm does not put data there`,
      hint: expect.stringContaining('remove it') as string,
      details: { path: again.wanted },
    })
    expect(lstatSync(again.wanted).isSymbolicLink()).toBe(true)
  }
  expect(readdirSync(place.folder)).toEqual(['target'])
})

test('a file and a named pipe are refused and kept', () => {
  using place = createPlace()
  writeFileSync(place.in('file'), 'mine')
  execFileSync('mkfifo', [place.in('pipe')])
  for (const name of ['file', 'pipe']) {
    expect(failureOf(place.in(name))).toMatchObject({
      code: 'UNSAFE_FOLDER',
      message: expect.stringContaining('is not a folder') as string,
    })
  }
  expect(readdirSync(place.folder)).toEqual(['file', 'pipe'])
})

test.skipIf(!isRoot).for([0o700, 0o777])('one of another user is refused, with mode %o too (needs root)', (mode) => {
  using place = createPlace()
  mkdirSync(place.wanted)
  chmodSync(place.wanted, mode)
  chownSync(place.wanted, ANOTHER_USER, ANOTHER_USER)
  expect(failureOf(place.wanted)).toMatchObject({
    code: 'UNSAFE_FOLDER',
    message: `${place.wanted} belongs to another user (uid ${ANOTHER_USER}), so devshm does not put data there`,
  })
  expect(statSync(place.wanted)).toMatchObject({ uid: ANOTHER_USER, mode: 0o40000 | mode })
})

test('its parent must be there: none is made on the way', () => {
  using place = createPlace()
  expect(failureOf(join(place.wanted, 'below'))).toMatchObject({ code: 'ENOENT' })
  expect(readdirSync(place.folder)).toEqual([])
})

function failureOf(path: string): unknown {
  try {
    ensurePrivateDirectory(path)
  } catch (error) {
    return error
  }
  throw new Error(`${path} was accepted`)
}

interface Place extends Disposable {
  readonly folder: string
  /** A free name. */
  readonly wanted: string
  in(name: string): string
}

function createPlace(): Place {
  const { path: folder, [Symbol.dispose]: remove } = mkdtempDisposableSync(join(tmpdir(), 'devshm-private-'))
  return {
    folder,
    wanted: join(folder, 'wanted'),
    in: (name) => join(folder, name),
    [Symbol.dispose]: remove,
  }
}
