import { describe, expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { canMount, findingsAfter, machineWith, surroundingsOf } from '../pretend.fixture.ts'
import { checkMemory } from './memory.ts'

test('what is available and what is needed are said in numbers', async () => {
  await using playground = await createPlayground()
  using machine = machineWith({})
  playground.sql('create table t (a); insert into t values (zeroblob(1000000))')
  const [memory] = await checkMemory(await surroundingsOf(playground, { machine }))
  expect(memory).toMatchObject({
    level: 'ok',
    message: expect.stringMatching(/ available, 6\.0 MB needed with journals$/),
  })
})

test.for([
  ['version 2', { '/sys/fs/cgroup/memory.max': '8000000\n', '/sys/fs/cgroup/memory.current': '5000000\n' }],
  [
    'version 1',
    {
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '8000000\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5000000\n',
    },
  ],
] as const)('a container whose limit (cgroup %s) leaves too little is a problem', async ([, files]) => {
  await using playground = await createPlayground()
  using machine = machineWith(files)
  const observations = await checkMemory(await surroundingsOf(playground, { machine }))
  expect(observations).toMatchObject([
    { level: 'note', message: expect.stringContaining('limited to 8.0 MB') },
    { level: 'problem', message: 'too little: 3.0 MB available, 4.0 MB needed with journals' },
  ])
})

test('no limit is not mistaken for one', async () => {
  await using playground = await createPlayground()
  using machine = machineWith({
    '/sys/fs/cgroup/memory.max': 'max\n',
    '/sys/fs/cgroup/memory.current': '5000000\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5000000\n',
  })
  expect(await checkMemory(await surroundingsOf(playground, { machine }))).toMatchObject([{ level: 'ok' }])
})

test('swap is mentioned where it is on', async () => {
  await using playground = await createPlayground()
  const swaps = 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition\t2097148\t0\t-2\n'
  using machine = machineWith({ '/proc/swaps': swaps })
  const [memory] = await checkMemory(await surroundingsOf(playground, { machine }))
  expect(memory?.message).toContain('swap is on')
})

describe.runIf(canMount)('in a mount namespace', () => {
  test('a volume that is too small for the database and its journal is a problem', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    const { findings, status } = await findingsAfter(
      playground,
      `mount -t tmpfs -o size=3m tmpfs '${playground.volume}'`,
    )
    expect(findings.find(({ check }) => check === 'memory')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('too little: 3.1 MB available, 4.0 MB needed'),
    })
    expect(status).toBe(1)
  })
})
