import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  linkSync,
  mkdtempDisposableSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inodeOf, lookThrough, type Inode } from '../fs/look.ts'
import { OPEN, startHolder } from './holder.fixture.ts'
import { openInLsof } from './open-files-lsof.ts'
import { openInProc } from './open-files-proc.ts'
import { findOpeners } from './open-files.ts'

const hasLsof = spawnSync('lsof', ['-v']).error === undefined

const SCANS = [
  {
    name: 'as this platform does it',
    pidsOf: async (files: Set<Inode>) => (await findOpeners(files)).map(({ pid }) => pid),
  },
  { name: 'from /proc', pidsOf: async (files: Set<Inode>) => [...openInProc(files).keys()] },
  { name: 'from lsof', pidsOf: async (files: Set<Inode>) => [...(await openInLsof(files)).keys()] },
]

const isMissing = (name: string): boolean => name === 'from lsof' && !hasLsof

test.for(SCANS)('a process is found by what it has open, until it ends ($name)', async ({ name, pidsOf }, { skip }) => {
  skip(isMissing(name), 'lsof is not installed')
  using place = createPlace()
  expect(await pidsOf(place.files)).toEqual([])
  await using holder = await startHolder(OPEN, place.path)
  expect(await pidsOf(place.files)).toEqual([holder.pid])
  await holder.kill()
  expect(await pidsOf(place.files)).toEqual([])
})

test.for(SCANS)(
  'whatever name it was opened by: another link, a renamed or removed file ($name)',
  async ({ name, pidsOf }, { skip }) => {
    skip(isMissing(name), 'lsof is not installed')
    using place = createPlace()
    linkSync(place.path, place.in('hard'))
    symlinkSync(place.path, place.in('soft'))
    await using byHardLink = await startHolder(OPEN, place.in('hard'))
    await using bySoftLink = await startHolder(OPEN, place.in('soft'))
    const both = [byHardLink.pid, bySoftLink.pid].toSorted((a, b) => a - b)
    expect((await pidsOf(place.files)).toSorted((a, b) => a - b)).toEqual(both)
    renameSync(place.in('hard'), place.in('renamed'))
    rmSync(place.path)
    expect((await pidsOf(place.files)).toSorted((a, b) => a - b)).toEqual(both)
  },
)

test.for(SCANS)(
  'another file with the same inode number on another device is not it ($name)',
  async ({ name, pidsOf }, { skip }) => {
    skip(isMissing(name), 'lsof is not installed')
    using place = createPlace()
    await using _holder = await startHolder(OPEN, place.path)
    const stats = lookThrough(place.path)
    const elsewhere: Inode = `${(stats?.dev ?? 0n) + 1n}:${stats?.ino ?? 0n}`
    expect(await pidsOf(new Set([elsewhere]))).toEqual([])
  },
)

test.for(SCANS)(
  'a socket has no device, and is not a file of the one before it ($name)',
  async ({ name, pidsOf }, { skip }) => {
    skip(isMissing(name), 'lsof is not installed')
    using place = createPlace()
    const script = `import os, socket
pair = socket.socketpair()
print(os.fstat(pair[0].fileno()).st_ino)`
    await using holder = await startHolder(`${OPEN.replace("print('open')", '')}\n${script}`, place.path)
    const device = lookThrough(place.path)?.dev ?? 0n
    expect(await pidsOf(new Set([`${device}:${BigInt(holder.said)}` as const]))).toEqual([])
  },
)

test.skipIf(process.getuid?.() !== 0)('a file opened through a bind mount is the same file (root only)', async () => {
  using place = createPlace()
  writeFileSync(place.in('mounted'), '')
  execFileSync('mount', ['--bind', place.path, place.in('mounted')])
  try {
    await using holder = await startHolder(OPEN, place.in('mounted'))
    expect((await findOpeners(place.files)).map(({ pid }) => pid)).toEqual([holder.pid])
  } finally {
    execFileSync('umount', [place.in('mounted')])
  }
})

test('this process is among them only on request', async () => {
  using place = createPlace()
  const file = openSync(place.path, 'r')
  try {
    expect(await findOpeners(place.files)).toEqual([])
    expect(await findOpeners(place.files, { includeSelf: true })).toMatchObject([{ pid: process.pid }])
  } finally {
    closeSync(file)
  }
})

test('any of several files counts, each process once, and no file has no openers', async () => {
  using place = createPlace()
  writeFileSync(place.in('other'), '')
  const stats = lookThrough(place.in('other'))
  const files = new Set([...place.files, ...(stats === undefined ? [] : [inodeOf(stats)])])
  await using one = await startHolder(
    `${OPEN}\nagain = open(sys.argv[1]), open(sys.argv[2])`,
    place.path,
    place.in('other'),
  )
  await using two = await startHolder(OPEN, place.in('other'))
  const pids = (await findOpeners(files)).map(({ pid }) => pid)
  expect(pids.toSorted((a, b) => a - b)).toEqual([one.pid, two.pid].toSorted((a, b) => a - b))
  expect(await findOpeners(new Set())).toEqual([])
})

test('an opener is named by its command line, shortened for people', async () => {
  using place = createPlace()
  await using _holder = await startHolder(OPEN, place.path, 'x'.repeat(200))
  const [opener] = await findOpeners(place.files)
  expect(opener?.command).toMatch(/python3 -c import sys/)
  expect(opener?.command).toHaveLength(80)
  expect(opener?.command).toMatch(/…$/)
})

test('15,000 other descriptors hide nothing and add nothing', async () => {
  using place = createPlace()
  writeFileSync(place.in('crowd'), '')
  const script = `import os, resource, sys
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
crowd = [os.open(sys.argv[1], os.O_RDONLY) for _ in range(min(15000, most - 50))]
wanted = open(sys.argv[2]) if len(sys.argv) > 2 else None
print(len(crowd))`
  await using crowd = await startHolder(script, place.in('crowd'))
  expect(Number(crowd.said)).toBeGreaterThan(900)
  expect(await findOpeners(place.files)).toEqual([])
  await using holder = await startHolder(script, place.in('crowd'), place.path)
  expect((await findOpeners(place.files)).map(({ pid }) => pid)).toEqual([holder.pid])
})

interface Place extends Disposable {
  readonly path: string
  /** The inode of the file at `path`. */
  readonly files: Set<Inode>
  in(name: string): string
}

function createPlace(): Place {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-open-'))
  const path = join(folder.path, 'file')
  writeFileSync(path, '')
  const stats = lookThrough(path)
  return {
    path,
    files: new Set(stats === undefined ? [] : [inodeOf(stats)]),
    in: (name) => join(folder.path, name),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}
