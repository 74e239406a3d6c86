import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mayMount } from '../support/small-volume.ts'
import { pretendMac, type Mac } from './support/mac.ts'
import { removeVolume } from '../../src/session/remove-volume.ts'
import { createVolume } from '../../src/volume/make/create-volume.ts'
import { volumeMaker } from '../../src/volume/make/index.ts'

const MEGABYTES = 2 ** 20
const owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }

const makerOn = (mac: Mac) => volumeMaker(mac.env, 'darwin')
const requestOn = (mac: Mac, size = 16) => ({ path: join(mac.folder, 'shm'), bytes: size * MEGABYTES, owner })
const removeOn = (mac: Mac) => removeVolume(makerOn(mac), join(mac.folder, 'shm'), () => undefined)

// What macOS itself would do differently than its manual pages say, no test here can tell.
describe.runIf(mayMount)('against stand-ins for the programs of macOS (needs root, for a tmpfs)', () => {
  test('a RAM disk is made of sectors, formatted for its user alone, mounted, and shown', async () => {
    using mac = pretendMac()
    const { made, isNew } = await createVolume(makerOn(mac), requestOn(mac, 128))
    const path = join(mac.folder, 'shm')
    expect(isNew).toBe(true)
    expect(made).toEqual({ path, kind: 'ram-disk', mayBeSwapped: undefined, isReadOnly: false, holder: '/dev/disk4' })
    expect(mac.calls()).toEqual([
      'hdiutil attach -nomount ram://262144',
      `newfs_hfs -U ${owner.uid} -G ${owner.gid} -M 700 -v devshm /dev/disk4`,
      `mount -t hfs -o nobrowse,noatime,nosuid,nodev /dev/disk4 ${path}`,
    ])
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statfsSync(path).blocks * statfsSync(path).bsize).toBe(128 * MEGABYTES)
  })

  test('the same again is no second one', async () => {
    using mac = pretendMac()
    await createVolume(makerOn(mac), requestOn(mac))
    expect(await createVolume(makerOn(mac), requestOn(mac))).toMatchObject({ isNew: false })
    await expect(createVolume(makerOn(mac), requestOn(mac, 32))).rejects.toMatchObject({
      code: 'UNUSABLE_MOUNT_POINT',
      hint: expect.stringContaining('devshm volume remove'),
    })
    expect(mac.disks()).toEqual(['disk4'])
  })

  test('to remove it unmounts, ejects, and takes the folder away', async () => {
    using mac = pretendMac()
    await createVolume(makerOn(mac), requestOn(mac))
    expect(await removeOn(mac)).toEqual({ path: join(mac.folder, 'shm'), totalBytes: 16 * MEGABYTES })
    expect(mac.calls().slice(3)).toEqual([`umount ${mac.folder}/shm`, 'hdiutil detach /dev/disk4'])
    expect(mac.disks()).toEqual([])
    expect(readdirSync(mac.folder)).toEqual([])
  })

  test.for([
    ['hdiutil', 'hdiutil: attach failed - Resource temporarily unavailable'],
    ['newfs_hfs', 'newfs_hfs: Permission denied'],
    ['mount', 'mount_hfs: Operation not permitted'],
  ] as const)('when %s fails, nothing is left', async ([tool, complaint]) => {
    using mac = pretendMac()
    // Its looks must work, and its work must not.
    const maker = { ...makerOn(mac), otherMountAt: async () => undefined, list: async () => [] }
    mac.break(tool, complaint)
    await expect(createVolume(maker, requestOn(mac))).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining(complaint),
    })
    expect(mac.disks()).toEqual([])
    expect(readdirSync(mac.folder)).toEqual([])
  })

  test('one that is not closed to others, as it should be, is taken back', async () => {
    using mac = pretendMac({ STAND_IN_MODE: '0755' })
    await expect(createVolume(makerOn(mac), requestOn(mac))).rejects.toThrow('is not for its user alone')
    expect(mac.disks()).toEqual([])
    expect(readdirSync(mac.folder)).toEqual([])
  })

  test('a folder that was there before stays when a step fails', async () => {
    using mac = pretendMac()
    mkdirSync(join(mac.folder, 'shm'))
    mac.break('newfs_hfs', 'newfs_hfs: Permission denied')
    await expect(createVolume(makerOn(mac), requestOn(mac))).rejects.toThrow('Permission denied')
    expect(readdirSync(mac.folder)).toEqual(['shm'])
  })

  test('a RAM disk that cannot even be ejected after that is named with the command', async () => {
    using mac = pretendMac()
    const path = mac.env['PATH']
    mac.break('newfs_hfs', 'newfs_hfs: Permission denied')
    const failing = `#!/bin/sh\n[ "$1" = detach ] && echo 'hdiutil: couldn't eject' >&2 && exit 16\nPATH='${path}' exec hdiutil "$@"\n`
    mkdirSync(join(mac.folder, 'bin'))
    writeFileSync(join(mac.folder, 'bin/hdiutil'), failing.replace("couldn't", 'could not'), { mode: 0o755 })
    const env = { ...mac.env, PATH: `${mac.folder}/bin:${path}` }
    await expect(createVolume(volumeMaker(env, 'darwin'), requestOn(mac))).rejects.toMatchObject({
      message: expect.stringMatching(/Permission denied; and .* cannot be ejected: hdiutil: could not eject/),
      hint: 'hdiutil detach /dev/disk4',
    })
  })

  test('one that is in use stays as it is, and can be written to', async () => {
    using mac = pretendMac()
    await createVolume(makerOn(mac), requestOn(mac))
    const folder = join(mac.folder, 'shm')
    const file = openSync(folder, 'r')
    try {
      await expect(removeOn(mac)).rejects.toMatchObject({ code: 'IN_USE', message: expect.stringContaining('busy') })
    } finally {
      closeSync(file)
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(mac.disks()).toEqual(['disk4'])
    await removeOn(mac)
  })

  test('a RAM that is not given back after the unmount is told, with the command', async () => {
    using mac = pretendMac()
    await createVolume(makerOn(mac), requestOn(mac))
    const maker = makerOn(mac)
    const broken = {
      ...maker,
      remove: async (volume: Parameters<typeof maker.remove>[0]) => {
        mac.break('hdiutil', 'hdiutil: detach failed - Resource busy')
        await maker.remove(volume).finally(() => mac.mend('hdiutil'))
      },
    }
    await expect(removeVolume(broken, join(mac.folder, 'shm'), () => undefined)).rejects.toMatchObject({
      message: expect.stringContaining('is unmounted, but its RAM is not given back'),
      hint: 'hdiutil detach /dev/disk4',
    })
  })

  test('files of anybody in it keep it', async () => {
    using mac = pretendMac()
    await createVolume(makerOn(mac), requestOn(mac))
    writeFileSync(join(mac.folder, 'shm/notes.txt'), 'mine')
    await expect(removeOn(mac)).rejects.toMatchObject({ code: 'IN_USE', message: expect.stringContaining('notes.txt') })
    expect(existsSync(join(mac.folder, 'shm/notes.txt'))).toBe(true)
  })

  test("anybody else's disk is left alone", async () => {
    using mac = pretendMac()
    const path = join(mac.folder, 'theirs')
    mkdirSync(path)
    const { runTool } = await import('../../src/volume/make/run-tool.ts')
    await runTool(mac.env, 'hdiutil', 'attach', '-nomount', 'ram://32768')
    await runTool(mac.env, 'newfs_hfs', '-U', '0', '-G', '0', '-M', '700', '-v', 'Scratch', '/dev/disk4')
    await runTool(mac.env, 'mount', '-t', 'hfs', '-o', 'nobrowse,noatime,nosuid,nodev', '/dev/disk4', path)
    expect(await makerOn(mac).list()).toEqual([])
    await expect(removeVolume(makerOn(mac), path, () => undefined)).rejects.toMatchObject({
      code: 'NO_VOLUME',
      message: `${path} is a mount that devshm did not make: hfs (/dev/disk4)`,
    })
    await expect(createVolume(makerOn(mac), { ...requestOn(mac), path })).rejects.toThrow(
      'is a mount of something else',
    )
    expect(mac.disks()).toEqual(['disk4'])
  })
})
