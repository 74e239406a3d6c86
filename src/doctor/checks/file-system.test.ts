import { describe, expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { canMount, findingsAfter, machineWith, surroundingsOf } from '../pretend.fixture.ts'
import { checkFileSystem } from './file-system.ts'

test.for([
  ['nfs4', 'server:/export', 'warning', 'a network file system'],
  ['cifs', '//server/share', 'warning', 'a network file system'],
  ['fuse.sshfs', 'ada@server:/home/ada', 'warning', 'a network file system'],
  ['9p', 'C:\\134', 'warning', 'a folder of the host'],
  ['virtiofs', 'home', 'warning', 'a folder of the host'],
  ['vfat', '/dev/sdc1', 'problem', 'has no links'],
  ['exfat', '/dev/sdc1', 'problem', 'has no links'],
  ['btrfs', '/dev/sda1', 'ok', 'is on btrfs'],
] as const)('an origin on %s (%s) is judged: %s', async ([type, source, level, words]) => {
  await using playground = await createPlayground()
  const mountinfo = `1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / ${playground.folder} rw - ${type} ${source} rw\n`
  using machine = machineWith({ '/proc/self/mountinfo': mountinfo })
  expect(await checkFileSystem(await surroundingsOf(playground, { machine }))).toMatchObject([
    { level, subject: playground.origin, message: expect.stringContaining(words) },
  ])
})

describe.runIf(canMount)('in a mount namespace', () => {
  test('a file that was mounted over the origin is a problem', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    const { findings } = await findingsAfter(playground, `mount --bind '${playground.origin}' '${playground.origin}'`)
    expect(findings.find(({ check }) => check === 'file-system')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('is a mount point itself'),
    })
  })

  test('a read-only file system is a problem', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    const { folder } = playground
    const preparation = `mount --bind '${folder}' '${folder}'; mount -o remount,ro,bind '${folder}'; cd '${folder}'`
    const { findings, status } = await findingsAfter(playground, preparation)
    expect(findings.find(({ check }) => check === 'file-system')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('read-only'),
    })
    expect(status).toBe(1)
  })
})
