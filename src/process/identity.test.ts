import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { bootId, identityOf, isRunning, ownIdentity, type ProcessIdentity } from './identity.ts'

const IDENTITY_MODULE = new URL('./identity.ts', import.meta.url).href
const TELL = `const { ownIdentity } = await import(${JSON.stringify(IDENTITY_MODULE)}); console.log(JSON.stringify(ownIdentity()))`

test('this process is running, under its own name', () => {
  const identity = ownIdentity()
  expect(identity).toEqual({ pid: process.pid, startedAt: expect.any(String) as string, bootId: bootId() })
  expect(ownIdentity()).toEqual(identity)
  expect(isRunning(identity)).toBe(true)
})

test('another process is running until it is killed', async () => {
  const { child, identity } = await startTelling(`${TELL}; setInterval(() => {}, 1e6)`)
  try {
    expect(identity.pid).toBe(child.pid)
    expect(identity.bootId).toBe(bootId())
    expect(isRunning(identity)).toBe(true)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  expect(isRunning(identity)).toBe(false)
})

test('the same pid with another start time is another process', () => {
  const identity = ownIdentity()
  expect(isRunning({ ...identity, startedAt: `${identity.startedAt}1` })).toBe(false)
  expect(isRunning({ ...identity, startedAt: '' })).toBe(false)
})

test('nothing runs from before the last boot', () => {
  expect(isRunning({ ...ownIdentity(), bootId: '00000000-0000-0000-0000-000000000000' })).toBe(false)
})

test('a name with spaces and brackets does not shift the fields', async () => {
  const { child, identity } = await startTelling(`process.title = 'a) Z (b) 1 2'; ${TELL}; setInterval(() => {}, 1e6)`)
  try {
    expect(readFileSync(`/proc/${identity.pid}/stat`, 'utf8')).toContain('(a) Z (b) 1 2)')
    expect(identity.startedAt).toMatch(/^\d+$/)
    expect(isRunning(identity)).toBe(true)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
})

test('a zombie has ended', async () => {
  // The shell becomes a program that never asks how its child ended.
  const child = spawn('sh', ['-c', '"$0" -e "$1" & exec sleep 3600', process.execPath, TELL], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const identity = await firstLine(child.stdout)
    const state = (): string | undefined => /\) (\S)/.exec(readFileSync(`/proc/${identity.pid}/stat`, 'utf8'))?.[1]
    await expect.poll(state, { timeout: 30_000 }).toBe('Z')
    expect(isRunning(identity)).toBe(false)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

test('the boot has one name', () => {
  expect(bootId()).toMatch(/^[0-9a-f-]{36}$/)
  expect(bootId()).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
})

async function startTelling(script: string) {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { child, identity: await firstLine(child.stdout) }
}

async function firstLine(output: NodeJS.ReadableStream): Promise<ProcessIdentity> {
  const { done, value } = await createInterface(output)[Symbol.asyncIterator]().next()
  if (done === true) throw new Error('the process ended without a word')
  return JSON.parse(value) as ProcessIdentity
}

test('a process is known by its pid, and only while it runs', () => {
  expect(identityOf(process.pid)).toEqual(ownIdentity())
  expect(identityOf(2 ** 22 + 1)).toBeUndefined()
})

test.skipIf(process.platform !== 'linux')('the leader of a session is found from inside of it', () => {
  const script = `import { sessionLeader } from ${JSON.stringify(join(import.meta.dirname, 'identity.ts'))}
    console.log(sessionLeader().pid)`
  const ask = `"$0" --input-type=module -e "$1"; :`
  const inSession = spawnSync(
    'setsid',
    ['-w', 'sh', '-c', `echo $$; (sh -c '${ask}' "$0" "$1"); :`, process.execPath, script],
    {
      encoding: 'utf8',
    },
  )
  const [leader, found] = inSession.stdout.trim().split('\n')
  expect(found).toBe(leader)
  // One that leads a session itself would be gone with it.
  const alone = spawnSync('setsid', ['-w', process.execPath, '--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(alone.stdout).toBe('1\n')
})
