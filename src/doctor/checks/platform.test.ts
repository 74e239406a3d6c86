import { expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { machineWith, surroundingsOf } from '../pretend.fixture.ts'
import type { Machine } from '../machine.ts'
import { checkPlatform } from './platform.ts'
import { checkVersions } from './versions.ts'

async function look(files: Record<string, string>, more: Partial<Machine>, env: NodeJS.ProcessEnv = {}) {
  await using playground = await createPlayground()
  using machine = machineWith(files, more)
  return await checkPlatform(await surroundingsOf(playground, { machine, env }))
}

test('Linux is in order, with what kind it is', async () => {
  expect(await look({ '/.dockerenv': '' }, {})).toMatchObject([{ level: 'ok', message: 'in a container' }])
  const kubernetes = { '/proc/1/cgroup': '0::/kubepods/besteffort/pod7\n' }
  expect(await look(kubernetes, {})).toMatchObject([{ level: 'ok', message: 'in a container' }])
  expect(await look({ '/run/systemd/system/.keep': '' }, {})).toMatchObject([{ level: 'ok', message: 'with systemd' }])
})

test('WSL stops idle machines, which is a note', async () => {
  const release = '6.6.87.2-microsoft-standard-WSL2\n'
  expect(await look({ '/proc/sys/kernel/osrelease': release }, {})).toMatchObject([{ level: 'note', subject: 'WSL' }])
})

test('on macOS a RAM disk is made, unless the user names a volume', async () => {
  const mac = { platform: 'darwin' } as const
  expect(await look({}, mac)).toMatchObject([{ level: 'note', remedy: expect.stringContaining('volume create') }])
  expect(await look({}, mac, { DEVSHM_VOLUME: '/Volumes/devshm' })).toMatchObject([{ level: 'ok' }])
})

test('Windows itself is not supported, WSL 2 is', async () => {
  expect(await look({}, { platform: 'win32' })).toMatchObject([
    { level: 'problem', remedy: expect.stringContaining('WSL 2') },
  ])
})

test('versions are shown, and a Node that is too old is a problem', async () => {
  using machine = machineWith({})
  expect(await checkVersions({ machine })).toMatchObject([
    { level: 'ok', subject: 'Node.js', message: process.versions.node },
    { level: 'ok', subject: 'SQLite', message: process.versions['sqlite'] },
  ])
  using older = machineWith({}, { versions: { node: '24.9.0', sqlite: '3.50.4' } })
  expect(await checkVersions({ machine: older })).toMatchObject([
    { level: 'problem', message: expect.stringContaining('24.9.0 is too old, devshm needs 24.16 or newer') },
  ])
})
