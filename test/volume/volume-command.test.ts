import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createVolume } from '../../src/volume/make/create-volume.ts'
import { tmpfsMaker } from '../../src/volume/make/tmpfs.ts'
import { createFolderOnDisk } from '../support/django/disk-folder.ts'
import { mayMount } from '../support/small-volume.ts'
import { createPlace, devshmAs, runAs } from './support/volumes.ts'

const NOBODY = 65_534

async function mountsAt(place: Awaited<ReturnType<typeof createPlace>>): Promise<string[]> {
  const { stdout } = await place.playground.command('cat', '/proc/self/mountinfo')
  return stdout.split('\n').filter((line) => line.split(' ')[4] === place.path)
}

describe.runIf(mayMount)('devshm volume (needs root, for mounts)', () => {
  test('create mounts a tmpfs of that size for this user alone, and says how to use it', async () => {
    await using place = await createPlace()
    const { path } = place
    const { status, stdout, stderr } = await place.volume('create', path, '--size', '16M')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(`${path} is now a volume of 16.8 MB`)
    expect(stdout).toContain(`export DEVSHM_VOLUME=${path}`)
    expect(stdout).toContain(`"volume": "${path}" in devshm.config.json`)
    expect(statSync(path).mode & 0o7777).toBe(0o700)
    const [mount] = await mountsAt(place)
    expect(mount).toMatch(/ rw,nosuid,nodev.* - tmpfs devshm rw,size=16384k,mode=700/)
    // Linux has it since 6.4; the machine says which it is.
    const { stdout: release } = await place.playground.command('uname', '-r')
    const [major = 0, minor = 0] = release.split('.').map(Number)
    expect(mount?.includes('noswap')).toBe(major > 6 || (major === 6 && minor >= 4))

    // The same again is fine, another size is refused with the command that changes it.
    expect(await place.json('create', path, '--size', '16')).toMatchObject({ path, isNew: false, totalBytes: 2 ** 24 })
    const other = await place.volume('create', path, '--size', '32M')
    expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining(`mount -o remount,size=32M ${path}`) })
    expect(await mountsAt(place)).toHaveLength(1)
  })

  test('a database lives in it, list shows it by project, and remove refuses until it is back', async () => {
    await using place = await createPlace()
    const { playground, path } = place
    playground.sql('create table t (a); insert into t values (1)')
    await place.volume('create', path, '--size', '16M')
    playground.env['DEVSHM_VOLUME'] = path
    await playground.devshm('attach')
    const { volumes } = await place.json('list')
    expect(volumes).toContainEqual(
      expect.objectContaining({
        path,
        chosen: true,
        made: { kind: 'tmpfs', mayBeSwapped: expect.any(Boolean) as boolean },
        totalBytes: 16 * 2 ** 20,
        projects: [
          expect.objectContaining({
            project: playground.folder,
            databases: [expect.objectContaining({ origin: playground.origin, state: 'in-ram' })],
          }),
        ],
      }),
    )
    // Found by the mount table, where no variable names it.
    playground.env['DEVSHM_VOLUME'] = ''
    const all = await playground.devshm('status', '--all')
    expect(all.stdout).toContain(`${path}: `)
    expect(all.stdout).toContain('db.sqlite3')

    const refused = await place.volume('remove', path)
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toBe(
      `devshm: ${path} holds ${playground.origin}, which is in RAM\n  devshm detach --db ${playground.origin}   (then try again)\n`,
    )
    playground.sql('insert into t values (2)')
    expect((await playground.devshm('detach', '--db', playground.origin)).status).toBe(0)
    expect(await place.volume('remove', path)).toMatchObject({ status: 0, stderr: '' })
    expect(existsSync(path)).toBe(false)
    expect(await mountsAt(place)).toEqual([])
    expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }])
  })

  test.for([
    [
      'a folder with something in it',
      (path: string) => mkdirSync(join(path, 'a'), { recursive: true }),
      'is not empty',
    ],
    ['a file', (path: string) => writeFileSync(path, ''), 'is not a folder'],
    ['a link', (path: string) => symlinkSync('/dev/shm', path), 'is a link'],
    ['a folder that is missing', (path: string) => path, 'does not exist', 'deep/er'],
  ] as const)('%s is no place for one, and stays as it is', async ([, prepare, problem, below = '']) => {
    using folder = createFolderOnDisk('devshm-place-')
    const path = join(folder.path, 'ram')
    prepare(path)
    const request = { path: join(path, below), bytes: 2 ** 20, owner: { uid: 0, gid: 0 } }
    await expect(createVolume(tmpfsMaker(process.env), request)).rejects.toMatchObject({
      code: 'UNUSABLE_MOUNT_POINT',
      message: expect.stringContaining(problem),
      hint: expect.any(String) as string,
    })
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(path)
  })

  test('more than all memory is refused with the numbers', async () => {
    using folder = createFolderOnDisk('devshm-place-')
    const request = { path: join(folder.path, 'ram'), bytes: 2 ** 50, owner: { uid: 0, gid: 0 } }
    await expect(createVolume(tmpfsMaker(process.env), request)).rejects.toMatchObject({
      code: 'NO_RAM',
      message: expect.stringContaining('is more than all of the memory here'),
    })
    expect(readdirSync(folder.path)).toEqual([])
  })

  test('a wrong call is one', async () => {
    await using place = await createPlace()
    const calls = [['create', 'x', '--size', 'much'], ['create', 'x', '--size', '4k'], ['remove']]
    for (const outcome of await Promise.all(calls.map((args) => place.volume(...args)))) {
      expect(outcome).toMatchObject({ status: 2, stdout: '' })
    }
  })

  test('what fails half-way is undone, with the folder that was made for it', async () => {
    await using place = await createPlace()
    const { playground, path } = place
    writeFileSync(join(playground.folder, 'mount'), `#!/bin/sh\necho "mount: ${path}: out of luck." >&2; exit 32\n`, {
      mode: 0o755,
    })
    playground.env['PATH'] = `${playground.folder}:${process.env['PATH']}`
    const failed = await place.volume('create', path, '--size', '16M')
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining('out of luck') })
    expect(existsSync(path)).toBe(false)
    // Mounted, but not what was asked for.
    const wrong = `#!/bin/sh\nexec /usr/bin/mount -t tmpfs -o size=16m,mode=0755 devshm ${path}\n`
    writeFileSync(join(playground.folder, 'mount'), wrong, { mode: 0o755 })
    const open = await place.volume('create', path, '--size', '16M')
    expect(open).toMatchObject({ status: 1, stderr: expect.stringContaining('is not for its user alone') })
    expect(await mountsAt(place)).toEqual([])
    expect(existsSync(path)).toBe(false)
  })

  test('who is not root gets the command to paste, which makes a volume for them', async () => {
    await using place = await createPlace()
    const { playground, path } = place
    const env = { ...playground.env, DEVSHM_VOLUME: '', HOME: '/nonexistent' }
    const asked = await devshmAs(NOBODY, env, dirname(path), 'volume', 'create', path, '--size', '16M', '--json')
    expect(asked.status).toBe(1)
    const { code, details } = JSON.parse(asked.stderr) as { code: string; details: { command: string } }
    expect(code).toBe('NOT_PERMITTED')
    expect(details.command).toMatch(/mkdir \S+ && sudo mount -t tmpfs -o size=16M,mode=0700,uid=65534/)
    expect(existsSync(path)).toBe(false)

    // As they would, with this root for sudo.
    await playground.command('sh', '-c', details.command.replaceAll('sudo ', ''))
    const listed = await devshmAs(NOBODY, { ...env, DEVSHM_VOLUME: path }, dirname(path), 'volume', 'list')
    expect(listed.stdout).toMatch(new RegExp(`^${path}: .*made by devshm.*used by this project`))
    const remove = await devshmAs(NOBODY, env, dirname(path), 'volume', 'remove', path)
    expect(remove).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`sudo umount ${path} && sudo rmdir ${path}`),
    })
    expect(await mountsAt(place)).toHaveLength(1)
  })

  test('under sudo it is for the user who called it', async () => {
    await using place = await createPlace()
    const { playground, path } = place
    Object.assign(playground.env, { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY) })
    expect(await place.json('create', path, '--size', '16M')).toMatchObject({ isNew: true, owner: NOBODY })
    expect(statSync(path)).toMatchObject({ uid: NOBODY, gid: NOBODY })
    expect((await runAs(NOBODY, {}, '/', '/usr/bin/touch', join(path, 'mine'))).status).toBe(0)
    expect((await runAs(NOBODY - 1, {}, '/', '/usr/bin/ls', path)).status).not.toBe(0)
    // Root sees whose it is, and takes nothing of theirs away.
    const { stderr } = await place.volume('remove', path)
    expect(stderr).toContain(`${path} holds files, which would be lost: mine`)
    expect(readdirSync(path)).toEqual(['mine'])
  })

  test('open files and folders keep it, and it can be written to as before', async () => {
    await using place = await createPlace()
    const { path } = place
    await place.volume('create', path, '--size', '16M')
    const folder = openSync(path, 'r')
    try {
      const { status, stderr } = await place.volume('remove', path)
      expect(status).toBe(1)
      expect(stderr).toMatch(/cannot be unmounted: target is busy.*\n {2}leave it in every shell/)
    } finally {
      closeSync(folder)
    }
    writeFileSync(join(path, 'held'), '')
    const file = openSync(join(path, 'held'), 'r')
    try {
      const { stderr } = await place.volume('remove', path)
      expect(stderr).toContain(`held, open in `)
      expect(stderr).toContain(`(pid ${process.pid})`)
    } finally {
      closeSync(file)
    }
    expect(readdirSync(path)).toEqual(['held'])
  })

  test('mounts that devshm did not make are not touched', async () => {
    await using place = await createPlace()
    const { playground, path } = place
    mkdirSync(path)
    await playground.command('mount', '-t', 'tmpfs', '-o', 'size=1m', 'mine', path)
    const { status, stderr } = await place.volume('remove', path)
    expect(status).toBe(1)
    expect(stderr).toContain(`${path} is a mount that devshm did not make: tmpfs (mine)`)
    expect((await place.volume('create', path)).stderr).toContain('is a mount of something else already')
    expect(await mountsAt(place)).toHaveLength(1)
    expect((await place.volume('remove', playground.folder)).stderr).toContain('is no volume')
  })
})
