import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canMount } from '../../src/doctor/pretend.fixture.ts'
import { DEVSHM, isLink, liveOf } from '../support/playground.ts'
import { mountVolume } from '../support/small-volume.ts'
import { createTwoUsers, type TwoUsers } from './support/two-users.ts'

/** As `/dev/shm` is: anybody may put something there, and only its owner may take it away. */
const SHARED = 'size=32m,mode=1777'

const RUN = ['run', '--', 'sqlite3', 'db.sqlite3', 'insert into t values (2); select count(*) from t']

function databaseOf({ project }: TwoUsers, who: 'ann' | 'mallory'): string {
  return join(project[who], 'db.sqlite3')
}

describe.runIf(canMount)('two users of one volume (needs root, to be both of them)', () => {
  test.for(['folder', 'link', 'file'] as const)(
    'what the other has put in the place of my folder (a %s) is not used, and I am told',
    async (kind) => {
      using volume = mountVolume(SHARED)
      await using users = await createTwoUsers(volume.path)
      const planted = join(volume.path, `devshm-${users.uids.ann}`)
      const theirs = join(users.project.mallory, 'loot')
      await users.as('mallory', 'mkdir', '-m', '777', theirs)
      if (kind === 'folder') await users.as('mallory', 'mkdir', '-m', '777', planted)
      if (kind === 'link') await users.as('mallory', 'ln', '-s', theirs, planted)
      if (kind === 'file') await users.as('mallory', 'touch', planted)

      const { status, stdout, stderr } = await users.devshm('ann', ...RUN)
      expect({ status, stdout }).toEqual({ status: 0, stdout: '2\n' })
      expect(stderr).toContain(
        `stays on disk: there is no RAM-backed folder here (${volume.path} has ${planted}, which `,
      )
      expect(readdirSync(theirs)).toEqual([])
      if (kind === 'folder') expect(readdirSync(planted)).toEqual([])
      expect(await users.devshm('ann', 'attach')).toMatchObject({ status: 1 })
      expect(isLink(databaseOf(users, 'ann'))).toBe(false)
    },
  )

  test('where nobody names a volume, the next candidate is taken instead of one that is planted', async () => {
    using own = mountVolume('size=32m,mode=0700,uid=5901')
    const shared = `mount -t tmpfs -o ${SHARED} shm /dev/shm; mkdir /dev/shm/devshm-5901; chown 5902 /dev/shm/devshm-5901`
    await using users = await createTwoUsers('', shared)
    users.playground.env['XDG_RUNTIME_DIR'] = own.path
    const where = ['run', '--', 'readlink', 'db.sqlite3']
    const { stdout } = await users.devshm('ann', ...where)
    expect(stdout).toMatch(new RegExp(`^${own.path}/devshm-5901/`))
    const { findings } = JSON.parse((await users.devshm('ann', 'doctor', '--json')).stdout) as { findings: unknown[] }
    expect(findings).toContainEqual(
      expect.objectContaining({ level: 'problem', subject: '/dev/shm/devshm-5901', check: 'volumes' }),
    )
  })

  test('the candidate of another user, which `su` hands on and nobody else may look into, is passed over', async () => {
    await using users = await createTwoUsers('', `mount -t tmpfs -o ${SHARED} shm /dev/shm`)
    // A folder of their own, as /run/user/1000 is.
    users.playground.env['XDG_RUNTIME_DIR'] = users.project.mallory
    const setup = [{ run: 'sqlite3 "$DB" "create table t (a)"', inputs: [] }]
    const configuration = { databases: { main: { path: 'db.sqlite3' } }, env: { DB: '{path}' }, setup }
    await users.as('ann', 'sh', '-c', 'echo "$1" > devshm.config.json', 'sh', JSON.stringify(configuration))
    const commands = [
      'run -- true',
      'reset',
      'reset',
      'test -- true',
      'attach',
      'status --all',
      'volume list',
      'volume sweep',
      'doctor',
      'detach',
      'template prune',
    ]
    // In one shell: each that is started has a /dev/shm of its own.
    const script = commands.map((words) => `${DEVSHM.join(' ')} ${words} || echo "failed: ${words}"`).join('\n')
    const { stdout, stderr } = await users.as('ann', 'sh', '-c', script)
    expect(stdout).toMatch(new RegExp(`^ +live +/dev/shm/devshm-${users.uids.ann}/`, 'm'))
    expect(stdout).not.toMatch(/^failed/m)
    expect(stdout + stderr).not.toMatch(/EACCES|denied/)
  })

  test('the other can neither see, read, replace nor remove what I have in RAM', async () => {
    using volume = mountVolume(SHARED)
    await using users = await createTwoUsers(volume.path)
    const run = users.start('ann', 'run', '--', 'sh', '-c', 'echo up; read line')
    await run.waitFor(/^up$/m)
    const live = readlinkSync(databaseOf(users, 'ann'))
    const mine = join(volume.path, `devshm-${users.uids.ann}`)
    for (const folder of [mine, dirname(dirname(live)), dirname(live)])
      expect(statSync(folder).mode & 0o777).toBe(0o700)
    const attacks: [string, ...string[]][] = [
      ['ls', mine],
      ['cat', live],
      ['sqlite3', live, 'insert into t values (666)'],
      ['mv', mine, `${mine}-mine`],
      ['rm', '-rf', mine],
      ['ln', '-sfT', '/tmp', mine],
      ['chmod', '777', mine],
    ]
    for (const attack of attacks) {
      expect((await users.as('mallory', ...attack)).status, attack.join(' ')).not.toBe(0)
    }
    // Their devshm does not see it either.
    const seen = await users.devshm('mallory', 'volume', 'list')
    expect(seen.stdout).toContain('nothing of yours is in it')
    expect((await users.devshm('mallory', 'volume', 'sweep')).status).toBe(0)
    run.process.stdin?.write('\n')
    expect(await run.exit).toBe(0)
    expect(users.playground.sql('select a from t', databaseOf(users, 'ann'))).toEqual([{ a: 1 }])
  })

  test('a link that leads into the other’s RAM is not followed, and their records make me remove nothing', async () => {
    using volume = mountVolume(SHARED)
    await using users = await createTwoUsers(volume.path)
    expect((await users.devshm('mallory', 'attach')).status).toBe(0)
    const theirs = liveOf(databaseOf(users, 'mallory'))
    const origin = databaseOf(users, 'ann')
    // As a project that was cloned from them may have it.
    await users.as('ann', 'ln', '-sf', theirs, 'db.sqlite3')
    for (const command of ['save', 'detach', 'status']) {
      const { status, stderr } = await users.devshm('ann', command)
      expect(stderr).toContain('which is not a folder of this user')
      expect(status).toBe(1)
    }
    expect(readlinkSync(origin)).toBe(theirs)
    // A record of theirs that speaks of my database, where anybody can put it.
    const record = join(volume.path, 'devshm-5902/x-0/db.sqlite3/live-x')
    await users.as('mallory', 'mkdir', '-p', record)
    const attachment = { version: 1, origin, live: join(users.project.ann, 'precious'), volume: volume.path }
    const rest = {
      device: '1',
      bootId: 'x',
      attachedAt: '2026-01-01T00:00:00Z',
      journal: 'keep',
      before: { kind: 'absent' },
    }
    writeFileSync(join(record, 'attachment.json'), JSON.stringify({ ...attachment, ...rest }))
    writeFileSync(join(record, 'live.sqlite3'), '')
    chownSync(join(record, 'attachment.json'), 5902, 5902)
    await users.as('ann', 'touch', 'precious')
    for (const command of [
      ['volume', 'sweep'],
      ['status', '--all'],
      ['detach', '--all'],
    ]) {
      expect((await users.devshm('ann', ...command)).status).toBe(0)
    }
    expect(existsSync(join(users.project.ann, 'precious'))).toBe(true)
    expect(lstatSync(origin).isSymbolicLink()).toBe(true)
    await users.devshm('mallory', 'detach')
  })

  test('the other can fill the volume, and what I have saved stays whole', async () => {
    using volume = mountVolume(SHARED)
    await using users = await createTwoUsers(volume.path)
    const run = users.start('ann', 'run', '--save-every', 'off', '--', 'sh', '-c', 'echo up; read line')
    await run.waitFor(/^up$/m)
    await users.as('mallory', 'dd', 'if=/dev/zero', `of=${volume.path}/flood`, 'bs=1M', 'count=64')
    await run.waitFor(/is nearly full: .*\n {2}most of it by files that are not of your devshm/)
    const write = 'insert into t values (zeroblob(1000000))'
    expect((await users.as('ann', 'sqlite3', 'db.sqlite3', write)).stderr).toContain('full')
    run.process.stdin?.write('\n')
    expect(await run.exit).toBe(0)
    expect(users.playground.sql('pragma integrity_check', databaseOf(users, 'ann'))).toEqual([
      { integrity_check: 'ok' },
    ])
    expect(users.playground.sql('select a from t', databaseOf(users, 'ann'))).toEqual([{ a: 1 }])
  })

  test('a folder that the other owns, or that everybody may write to, is no volume', async () => {
    using volume = mountVolume(SHARED)
    await using users = await createTwoUsers(volume.path)
    const refused = async (path: string): Promise<string> => {
      users.playground.env['DEVSHM_VOLUME'] = path
      const { stderr } = await users.devshm('ann', ...RUN)
      return stderr
    }
    await users.as('mallory', 'mkdir', '-m', '1777', join(volume.path, 'theirs'))
    expect(await refused(join(volume.path, 'theirs'))).toContain(
      'theirs belongs to another user (uid 5902), who could exchange what is in it',
    )
    mkdirSync(join(volume.path, 'open'))
    await users.playground.command('chmod', '777', join(volume.path, 'open'))
    expect(await refused(join(volume.path, 'open'))).toContain('is writable for everybody and not sticky (chmod +t)')
    expect(isLink(databaseOf(users, 'ann'))).toBe(false)
  })

  test('root mounts no volume on what another user has put there', async () => {
    using volume = mountVolume(SHARED)
    await using users = await createTwoUsers(volume.path)
    const [folder, link] = [join(volume.path, 'ram'), join(volume.path, 'link')]
    await users.as('mallory', 'mkdir', folder)
    symlinkSync(users.project.ann, link)
    Object.assign(users.playground.env, { SUDO_UID: '5901', SUDO_GID: '5901' })
    for (const [path, problem] of [
      [folder, 'belongs to another user (uid 5902)'],
      [link, 'is a link'],
      // Where they could put a link just before it is mounted.
      [join(users.project.mallory, 'ram'), `${users.project.mallory} belongs to another user (uid 5902)`],
    ] as const) {
      const { status, stderr } = await users.playground.devshm('volume', 'create', path, '--size', '1M')
      expect(stderr).toContain(problem)
      expect(status).toBe(1)
    }
    const { stdout } = await users.playground.command('grep', '-c', volume.path, '/proc/self/mountinfo')
    expect(stdout).toBe('1\n')
  })
})
