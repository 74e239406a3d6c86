import { linkSync, mkdtempDisposableSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inodeOf, linkTarget, lookAt, lookThrough } from './look.ts'

test('a file keeps its identity under other names, not when it is replaced', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-look-'))
  const [path, other] = [join(folder.path, 'a'), join(folder.path, 'b')]
  writeFileSync(path, '')
  const before = identity(path)
  linkSync(path, other)
  expect(identity(other)).toBe(before)
  writeFileSync(join(folder.path, 'new'), '')
  renameSync(join(folder.path, 'new'), path)
  expect(identity(path)).not.toBe(before)
  expect(identity(other)).toBe(before)
})

test('a link is looked at or through, and tells its target', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-look-'))
  const [path, link] = [join(folder.path, 'file'), join(folder.path, 'link')]
  writeFileSync(path, '')
  symlinkSync('file', link)
  expect(lookAt(link)?.isSymbolicLink()).toBe(true)
  expect(lookThrough(link)?.isFile()).toBe(true)
  expect(linkTarget(link)).toBe('file')
  expect(linkTarget(path)).toBeUndefined()
})

test('nothing, a dangling link and a path below a file are absent', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-look-'))
  const [path, link] = [join(folder.path, 'file'), join(folder.path, 'link')]
  writeFileSync(path, '')
  symlinkSync('nowhere', link)
  for (const absent of [join(folder.path, 'nothing'), join(path, 'below')]) {
    expect(lookAt(absent)).toBeUndefined()
    expect(lookThrough(absent)).toBeUndefined()
    expect(linkTarget(absent)).toBeUndefined()
  }
  expect(lookAt(link)).toBeDefined()
  expect(lookThrough(link)).toBeUndefined()
})

test('a circle of links is an error, not an absence', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-look-'))
  symlinkSync('circle', join(folder.path, 'circle'))
  expect(() => lookThrough(join(folder.path, 'circle'))).toThrow('ELOOP')
})

function identity(path: string): string | undefined {
  const stats = lookAt(path)
  return stats && inodeOf(stats)
}
