import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isMountedByItself } from './mounted-files.ts'

const isRoot = process.geteuid?.() === 0

test.skipIf(!isRoot)('a file that is mounted by itself is known by its name, odd as it may be, and no other is', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm mounted-'))
  const [file, at, other] = ['my \\ data.db', 'at', 'other.db'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [file, at, other]) writeFileSync(path, '')
  expect(isMountedByItself(file)).toBe(false)
  execFileSync('mount', ['--bind', file, at])
  try {
    expect([isMountedByItself(file), isMountedByItself(other)]).toEqual([true, false])
  } finally {
    execFileSync('umount', ['-l', at])
  }
})

test.skipIf(!isRoot)('so is one that is mounted only in a container', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-mounted-'))
  const [file, at] = ['contained.db', 'at'].map((name) => join(folder.path, name)) as [string, string]
  for (const path of [file, at]) writeFileSync(path, '')
  const script = 'mount --bind "$1" "$2" && echo mounted && read _'
  const container = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', file, at], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(container, 'exit')
  try {
    await once(container.stdout, 'data')
    expect(isMountedByItself(file)).toBe(true)
  } finally {
    container.stdin.end()
    await ended
  }
  expect(isMountedByItself(file)).toBe(false)
})
