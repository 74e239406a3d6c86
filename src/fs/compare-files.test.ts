import { mkdtempDisposableSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesAreEqual } from './compare-files.ts'

const CHUNK = 1 << 18

test.for([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])('files of %d equal bytes are equal', async (size) => {
  using files = createTwo(Buffer.alloc(size, 'abc'), Buffer.alloc(size, 'abc'))
  expect(await filesAreEqual(files.a, files.b)).toBe(true)
})

test('one other byte anywhere is seen: at the ends and at both sides of where chunks meet', async () => {
  const size = 2 * CHUNK + 5
  for (const offset of [0, CHUNK - 1, CHUNK, 2 * CHUNK, size - 1]) {
    const other = Buffer.alloc(size)
    other[offset] = 1
    using files = createTwo(Buffer.alloc(size), other)
    expect(await filesAreEqual(files.a, files.b), `byte ${offset}`).toBe(false)
  }
})

test('a file that goes on longer is not equal, holes count as zeros', async () => {
  using files = createTwo(Buffer.alloc(CHUNK), Buffer.alloc(0))
  expect(await filesAreEqual(files.a, files.b)).toBe(false)
  truncateSync(files.b, CHUNK)
  expect(await filesAreEqual(files.a, files.b)).toBe(true)
  truncateSync(files.b, CHUNK + 1)
  expect(await filesAreEqual(files.a, files.b)).toBe(false)
})

test('a mask blanks what does not count, and gets each chunk with its place', async () => {
  using files = createTwo(
    Buffer.alloc(CHUNK + 10, 'a'),
    Buffer.concat([Buffer.alloc(CHUNK + 9, 'a'), Buffer.from('b')]),
  )
  const offsets = new Set<number>()
  const blankTheLast = (chunk: Uint8Array, offset: number): void => {
    offsets.add(offset)
    if (offset === CHUNK) chunk.fill(0, 9)
  }
  expect(await filesAreEqual(files.a, files.b)).toBe(false)
  expect(await filesAreEqual(files.a, files.b, blankTheLast)).toBe(true)
  expect([...offsets]).toEqual([0, CHUNK])
})

test('a missing file is an error, not a difference', async () => {
  using files = createTwo(Buffer.alloc(1), Buffer.alloc(1))
  await expect(filesAreEqual(files.a, `${files.b}-gone`)).rejects.toMatchObject({ code: 'ENOENT' })
})

function createTwo(first: Buffer, second: Buffer): Disposable & { a: string; b: string } {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-compare-'))
  const [a, b] = [join(folder.path, 'a'), join(folder.path, 'b')]
  writeFileSync(a, first)
  writeFileSync(b, second)
  return { a, b, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}
