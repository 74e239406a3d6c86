import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { SessionEvent } from '../../src/session/events.ts'
import { liveOf } from '../support/playground.ts'
import { projectForTest, startRun } from './support/run-places.ts'

type Fields<Event> = Event extends SessionEvent ? Exclude<keyof Event, 'type' | 'origin'> : never
type Kind = 'string' | 'number' | 'boolean' | 'array'

/** The fields of every event and their JSON types. The compiler sees to it that this is the type of the source. */
const CONTRACT: {
  readonly [Type in SessionEvent['type']]: Readonly<Record<Fields<Extract<SessionEvent, { type: Type }>>, Kind>>
} = {
  attached: { bytes: 'number', ms: 'number', live: 'string' },
  joined: { bytes: 'number', live: 'string', heldBy: 'array' },
  saved: { bytes: 'number', ms: 'number', to: 'string' },
  unchanged: {},
  'was-on-disk': {},
  detached: { changed: 'boolean', bytes: 'number', ms: 'number' },
  snapshot: { snapshot: 'string', path: 'string', bytes: 'number', ms: 'number' },
  restore: { from: 'string', changed: 'boolean', bytes: 'number', ms: 'number', kept: 'string' },
  undo: { from: 'string', changed: 'boolean', bytes: 'number', ms: 'number', kept: 'string' },
  reset: {
    changed: 'boolean',
    bytes: 'number',
    ms: 'number',
    fingerprint: 'string',
    wasBuilt: 'boolean',
    kept: 'string',
  },
  'carried-on': { attachedAt: 'string' },
  restored: { savedAt: 'string', bytes: 'number' },
  replaced: { snapshot: 'string', path: 'string', isThere: 'boolean', route: 'string' },
  'changed-on-disk': { isThere: 'boolean' },
  'not-used': { reason: 'string', hint: 'string' },
  copied: { from: 'string', bytes: 'number' },
  adopted: { from: 'string' },
  'still-open': { openers: 'array' },
  'still-held': { heldBy: 'array' },
  'on-disk': { reason: 'string', hint: 'string' },
  'inherited-fault': { reason: 'string' },
  'moved-aside': { path: 'string', to: 'string' },
  'put-back': { snapshot: 'string', path: 'string' },
  swept: { live: 'string', bytes: 'number' },
  'nearly-full': {
    volume: 'string',
    usedBytes: 'number',
    totalBytes: 'number',
    largest: 'string',
    largestBytes: 'number',
  },
  'made-volume': { volume: 'string', bytes: 'number' },
  waiting: { holders: 'string' },
  fenced: { openers: 'array' },
  failed: { message: 'string', hint: 'string', kept: 'string' },
}

// Also where the test is killed, and its folder removed.
const WRITE_AND_WAIT = `sqlite3 db.sqlite3 "insert into seen values ('it')"; until test -e go || ! test -e db.sqlite3; do sleep 0.02; done`

test('with --json every line on standard error is one event, with the fields of its type', async () => {
  const project = await projectForTest()
  const { folder } = project
  const events: Record<string, unknown>[] = []

  const first = await startRun(project, ['sh', '-c', WRITE_AND_WAIT], '--json', '--save-every', '0.2')
  await first.waitForOutput(/"saved"/)
  events.push(...eventsIn((await project.devshm('run', '--json', '--', 'true')).stderr))
  events.push(...eventsIn((await project.devshm('save', '--json')).stderr))
  writeFileSync(join(folder, 'go'), '')
  await first.waitForExit()
  events.push(...eventsIn(first.stderr))
  rmSync(join(folder, 'go'))

  const killed = await startRun(project, ['sh', '-c', WRITE_AND_WAIT], '--json')
  await killed.waitForOutput(/"attached"/)
  process.kill(killed.pid, 'SIGKILL')
  events.push(...eventsIn((await project.devshm('run', '--json', '--', 'true')).stderr))
  await killed.crash()

  for (const args of [
    ['snapshot', 'a'],
    ['run', '--', 'sqlite3', 'db.sqlite3', "insert into seen values ('more')"],
    ['restore', 'a'],
    ['undo'],
  ]) {
    const [command = '', ...others] = args
    events.push(...eventsIn((await project.devshm(command, '--json', ...others)).stderr))
  }

  for (const command of ['save', 'detach', 'attach', 'attach', 'detach']) {
    events.push(...eventsIn((await project.devshm(command, '--json')).stderr))
  }

  const cut = await startRun(project, ['sh', '-c', WRITE_AND_WAIT], '--json')
  await cut.waitForOutput(/"attached"/)
  await cut.crash()
  rmSync(dirname(liveOf(project.origin)), { recursive: true })
  events.push(...eventsIn((await project.devshm('detach', '--json')).stderr))

  const remake = `sqlite3 db.sqlite3 "insert into seen values ('new')"; rm db.sqlite3; sqlite3 db.sqlite3 "create table other (x)"`
  events.push(...eventsIn((await project.devshm('run', '--json', '--', 'sh', '-c', remake)).stderr))

  for (const event of events) expectContract(event, project.origin)
  const types = new Set(events.map(({ type }) => type))
  const expected = ['attached', 'saved', 'joined', 'unchanged', 'still-held', 'detached']
  expect(types).toEqual(
    new Set([...expected, 'was-on-disk', 'carried-on', 'restored', 'replaced', 'snapshot', 'restore', 'undo']),
  )
})

test('with --json a refusal is one object as well, with the code, the message and the hint', async () => {
  const project = await projectForTest()
  writeFileSync(project.origin, 'this is a letter and no database at all')
  const { status, stderr } = await project.devshm('run', '--json', '--db', 'db.sqlite3', '--', 'true')
  expect(status).toBe(1)
  expect(eventsIn(stderr)).toEqual([
    expect.objectContaining({ type: 'error', code: 'DATABASE_UNUSABLE', hint: expect.any(String) as string }),
  ])
})

test('with --json a wrong call is one object too', async () => {
  const project = await projectForTest()
  for (const args of [
    ['run', '--json', '--jurnal', 'wal', '--', 'true'],
    ['status', '--json', 'more'],
  ]) {
    const { status, stderr } = await project.devshm(...args)
    expect(status).toBe(2)
    expect(eventsIn(stderr)).toEqual([expect.objectContaining({ type: 'error', code: 'USAGE' })])
  }
})

function eventsIn(stderr: string): Record<string, unknown>[] {
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function expectContract({ type, origin, ...fields }: Record<string, unknown>, expectedOrigin: string): void {
  expect(origin).toBe(expectedOrigin)
  const contract = Object.entries(CONTRACT).find(([name]) => name === type)?.[1]
  const kinds = Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? 'array' : typeof value])
  expect({ type, ...Object.fromEntries(kinds) }).toEqual({ type, ...contract })
}
