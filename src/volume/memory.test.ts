import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { availableMemory, readMemoryLimit } from './memory.ts'

test('what is available is some of the memory that there is', () => {
  const bytes = availableMemory()
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(totalmem())
})

test('a container has its limit, less what is in use and cannot be given back', () => {
  const files = new Map([
    ['/sys/fs/cgroup/memory.max', '8000000\n'],
    ['/sys/fs/cgroup/memory.current', '5000000\n'],
    ['/sys/fs/cgroup/memory.stat', 'anon 3000000\ninactive_file 2000000\nactive_file 1\n'],
  ])
  expect(readMemoryLimit((path) => files.get(path))).toEqual({ bytes: 8_000_000, used: 3_000_000 })
  files.set('/sys/fs/cgroup/memory.max', 'max\n')
  expect(readMemoryLimit((path) => files.get(path))).toBeUndefined()
})
