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

test('of its own group and all above it, the one with the least left counts', () => {
  const files = new Map([
    ['/proc/self/cgroup', '0::/user.slice/app.scope\n'],
    ['/sys/fs/cgroup/user.slice/memory.max', '8000000\n'],
    ['/sys/fs/cgroup/user.slice/memory.current', '7000000\n'],
    ['/sys/fs/cgroup/user.slice/app.scope/memory.max', '4000000\n'],
    ['/sys/fs/cgroup/user.slice/app.scope/memory.current', '1000000\n'],
  ])
  expect(readMemoryLimit((path) => files.get(path))).toEqual({ bytes: 8_000_000, used: 7_000_000 })
  files.set('/sys/fs/cgroup/user.slice/memory.current', '1000000\n')
  expect(readMemoryLimit((path) => files.get(path))).toEqual({ bytes: 4_000_000, used: 1_000_000 })
})

test('a container may see its own group as the top, whatever its path is outside', () => {
  const own = ['/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/memory/memory.usage_in_bytes'] as const
  const files = new Map([
    ['/proc/self/cgroup', '5:cpu,memory:/docker/0123abcd\n1:name=systemd:/docker/0123abcd\n'],
    [own[0], '8000000\n'],
    [own[1], '3000000\n'],
  ])
  expect(readMemoryLimit((path) => files.get(path))).toEqual({ bytes: 8_000_000, used: 3_000_000 })
  // A group that is not below what can be seen.
  files.set('/proc/self/cgroup', '0::/../../other\n5:memory:/../x\n')
  expect(readMemoryLimit((path) => files.get(path))).toEqual({ bytes: 8_000_000, used: 3_000_000 })
})
