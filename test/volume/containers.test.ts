import { describe, expect, test } from 'vitest'
import { canMount } from '../../src/doctor/pretend.fixture.ts'
import { createPlayground, DEVSHM, endHolders, isLink, liveOf, type Playground } from '../support/playground.ts'
import { createMemoryGroup, type MemoryGroup } from './support/memory-group.ts'

const LIMIT = 140_000_000

const mayLimit = ((): boolean => {
  using group = createMemoryGroup(LIMIT)
  return group !== undefined
})()

/** As a container is: with processes and a `/proc` of its own, and the project and the volume shared. */
const inContainer = (playground: Playground, ...args: string[]) =>
  playground.command('unshare', '--mount', '--pid', '--fork', '--mount-proc', ...DEVSHM, ...args)

/** Under a memory limit, with 1 GB in `/dev/shm`. */
function limited(playground: Playground, { folder, version }: MemoryGroup, view: 'inside' | 'outside', args: string[]) {
  // What a container engine shows of the groups: the container's own one, as if there were no other.
  const own = `mount --bind ${folder} /sys/fs/cgroup${version === 1 ? '/memory' : ''}`
  const shared = 'mount -t tmpfs -o size=1g shm /dev/shm'
  const inner = `set -e; ${shared}; ${view === 'inside' ? own : 'true'}; DEVSHM_VOLUME= exec "$@"`
  const groups = view === 'inside' ? '--cgroup' : '--mount'
  const script = `set -e; echo $$ > '${folder}/cgroup.procs'; exec unshare --mount ${groups} sh -c '${inner}' sh "$@"`
  return playground.command('sh', '-c', script, 'sh', ...DEVSHM, ...args)
}

describe.runIf(canMount && mayLimit)('under the memory limit of a container (needs root and control groups)', () => {
  test.for(['inside', 'outside'] as const)(
    'seen from %s, what the limit leaves is what there is, whatever the size of /dev/shm',
    async (view) => {
      using group = createMemoryGroup(LIMIT)
      if (group === undefined) throw new Error('there was one a moment ago')
      await using playground = await createPlayground()
      playground.sql('create table t (a); insert into t values (zeroblob(60000000))')
      const run = ['run', '--', 'sqlite3', 'db.sqlite3', 'select count(*) from t']
      const { status, stdout, stderr } = await limited(playground, group, view, run)
      // Not killed by the kernel half-way.
      expect({ status, stdout }).toEqual({ status: 0, stdout: '1\n' })
      const free = Number(/it needs 124 MB in RAM with its journal, \/dev\/shm has ([\d.]+) MB free/.exec(stderr)?.[1])
      expect(free).toBeGreaterThan(0)
      expect(free).toBeLessThan(124)
      const { findings } = JSON.parse((await limited(playground, group, view, ['doctor', '--json'])).stdout) as {
        findings: { check: string; message: string }[]
      }
      expect(findings).toContainEqual(
        expect.objectContaining({ check: 'memory', message: expect.stringContaining('is limited to 140 MB here') }),
      )
    },
  )
})

describe.runIf(canMount)('a container that shares project and volume, and sees no process outside (needs root)', () => {
  test('shares what the host has in RAM, and leaves it there', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a); insert into t values (1)')
    await playground.devshm('attach')
    const live = liveOf(playground.origin)
    const run = ['run', '--', 'sqlite3', 'db.sqlite3', 'insert into t values (2)']
    const { status, stderr } = await inContainer(playground, ...run)
    expect(stderr).toContain('is in RAM already')
    expect(stderr).toMatch(/stays in RAM for devshm attach \(pid \d+\)/)
    expect(status).toBe(0)
    expect(liveOf(playground.origin)).toBe(live)
    const status2 = JSON.parse((await inContainer(playground, 'status', '--json')).stdout) as {
      databases: { heldBy: unknown[] }[]
    }
    expect(status2.databases[0]?.heldBy).toHaveLength(1)
    expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }])
    // The host's own holder is still there, and its detach is the end of it.
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(isLink(playground.origin)).toBe(false)
  })

  test('takes over when the host was killed, which the kernel tells by the lock', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a); insert into t values (1)')
    await playground.devshm('attach')
    playground.sql('insert into t values (2)')
    await endHolders(playground.volume)
    const { stderr, status } = await inContainer(playground, 'run', '--', 'true')
    expect(stderr).toContain('was still in RAM')
    expect(status).toBe(0)
    expect(isLink(playground.origin)).toBe(false)
    expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }])
  })

  test('whose run goes on keeps the host from ending it', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a); insert into t values (1)')
    const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
    const run = playground.start('unshare', ...namespaces, ...DEVSHM, 'run', '--', 'sh', '-c', 'echo up; read line')
    await run.waitFor(/^up$/m)
    const { status, stderr } = await playground.devshm('detach')
    expect(stderr).toContain('stays in RAM for devshm run')
    expect(status).toBe(1)
    expect(isLink(playground.origin)).toBe(true)
    run.process.stdin?.write('\n')
    expect(await run.exit).toBe(0)
    expect(isLink(playground.origin)).toBe(false)
  })
})
