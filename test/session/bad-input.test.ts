import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, DEVSHM, isLink, type Playground } from '../support/playground.ts'

/** Everything in the folder, with what could change of it. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => ({ path, stats: lstatSync(join(folder, path)) }))
    .map(({ path, stats }) => [path, stats.ino, stats.size, stats.mode, stats.mtimeMs, stats.nlink].join(' '))
    .toSorted()
}

const DATABASE = 'create table item (id)'

const ORIGINS: Record<string, { make: (at: string, playground: Playground) => void; says: RegExp }> = {
  text: { make: (at) => writeFileSync(at, 'name,age\nAda,36\n'), says: /is not a SQLite database/ },
  'an encrypted database': {
    make: (at) => writeFileSync(at, Buffer.from(Array.from({ length: 8192 }, (_, i) => (i * 131 + 89) % 256))),
    says: /is not a SQLite database, or it is an encrypted one/,
  },
  'a folder': { make: (at) => mkdirSync(at), says: /is a folder, not a database/ },
  'a dangling link of the user’s own': {
    make: (at) => symlinkSync('/nonexistent/db.sqlite3', at),
    says: /is a link to \/nonexistent\/db\.sqlite3, which does not exist/,
  },
  'a link to itself': { make: (at) => symlinkSync('db.sqlite3', at), says: /is a link that leads back to itself/ },
  'a hard link': {
    make: (at, { sql }) => {
      sql(DATABASE, at)
      linkSync(at, `${at}.second`)
    },
    says: /has 2 names \(hard links\)/,
  },
  'a damaged header': {
    make: (at) => writeFileSync(at, `SQLite format 3\0${'x'.repeat(500)}`),
    says: /has a damaged SQLite header/,
  },
}

describe('a database that cannot be attached', () => {
  test.each(Object.entries(ORIGINS))('is told in one line and what to do: %s', async (_name, { make, says }) => {
    await using playground = await createPlayground()
    make(playground.origin, playground)
    const before = listing(playground.folder)
    for (const args of [
      ['run', '--db', 'db.sqlite3', '--', 'touch', 'ran'],
      ['attach', '--db', 'db.sqlite3'],
    ]) {
      const { status, stdout, stderr } = await playground.devshm(...args)
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(says)
      expect(stderr).toMatch(/^devshm: [^\n]+\n {2}[^\n]+\n$/)
    }
    expect(listing(playground.folder)).toEqual(before)
    expect(playground.inRam()).toEqual([])
  })

  test('is told for a pipe, without waiting for it', async () => {
    await using playground = await createPlayground()
    await playground.command('mkfifo', 'db.sqlite3')
    const { status, stderr } = await playground.devshm('attach', '--db', 'db.sqlite3')
    expect(status).toBe(1)
    expect(stderr).toMatch(/is not a regular file\n {2}name the database file/)
    expect(readdirSync(playground.folder)).toEqual(['db.sqlite3'])
  })

  test('is told for one in RAM already', async () => {
    await using playground = await createPlayground()
    const path = join(playground.volume, 'mine.sqlite3')
    playground.sql(DATABASE, path)
    const { status, stderr } = await playground.devshm('run', '--db', path, '--', 'true')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^devshm: .*mine\.sqlite3 is in RAM already\n {2}\S.*\n$/)
    expect(playground.inRam()).toEqual(['mine.sqlite3'])
  })

  test('is told for a folder that does not exist', async () => {
    await using playground = await createPlayground()
    const { status, stderr } = await playground.devshm('run', '--db', 'missing/db.sqlite3', '--', 'true')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^devshm: the folder of .*missing\/db\.sqlite3 does not exist\n {2}create .*\n$/)
  })

  test('is told for a path through a file, and for a name that is too long', async () => {
    await using playground = await createPlayground()
    playground.sql(DATABASE)
    for (const [path, says] of [
      ['db.sqlite3/db.sqlite3', /db\.sqlite3 is a file, not a folder\n/],
      ['x'.repeat(300), /ENAMETOOLONG.*\n {2}give it a shorter name\n/],
    ] as const) {
      const { status, stderr } = await playground.devshm('run', '--db', path, '--', 'true')
      expect(stderr).toMatch(says)
      expect(stderr).toMatch(/^devshm: [^\n]+\n {2}[^\n]+\n$/)
      expect(status).toBe(1)
    }
    expect(readdirSync(playground.folder)).toEqual(['db.sqlite3'])
  })
})

test('a good link of the user’s own is followed, and stays as it is', async () => {
  await using playground = await createPlayground()
  mkdirSync(join(playground.folder, 'data'))
  const real = join(playground.folder, 'data', 'real.sqlite3')
  playground.sql(DATABASE, real)
  symlinkSync('data/real.sqlite3', playground.origin)
  const check = 'sqlite3 db.sqlite3 "insert into item values (1)"; readlink data/real.sqlite3'
  const { status, stdout } = await playground.devshm('run', '--db', 'db.sqlite3', '--', 'sh', '-c', check)
  expect(status).toBe(0)
  expect(stdout).toContain('/live.sqlite3')
  expect(readlinkSync(playground.origin)).toBe('data/real.sqlite3')
  expect(isLink(real)).toBe(false)
  expect(playground.sql('select id from item')).toEqual([{ id: 1 }])
})

test('what cannot be looked at in a project is not in the way of its database', async () => {
  await using playground = await createPlayground()
  playground.sql(DATABASE)
  symlinkSync('loop.db', join(playground.folder, 'loop.db'))
  const { status, stderr } = await playground.devshm('run', '--', 'true')
  expect(stderr).toContain('db.sqlite3 is in RAM')
  expect(status).toBe(0)
})

test('a folder that is gone is told in one line', async () => {
  await using playground = await createPlayground()
  const call = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
  const { status, stderr } = await playground.command('sh', '-c', call, 'sh', ...DEVSHM, 'status')
  expect(stderr).toMatch(/^devshm: the folder that this was called in does not exist any more\n {2}[^\n]+\n$/)
  expect(status).toBe(1)
})

const CALLS: [string, string[], number, RegExp][] = [
  ['an unknown option', ['run', '--jurnal', 'wal', '--', 'true'], 2, /unknown option '--jurnal'/],
  ['a wrong value', ['run', '--save-every', 'often', '--', 'true'], 2, /save-every/],
  ['an unknown command', ['atach'], 2, /unknown command 'atach'/],
  ['no command to run', ['run'], 2, /missing required argument/],
  ['an empty --db', ['run', '--db', '', '--', 'true'], 2, /--db was given an empty path/],
  ['a command that does not exist', ['run', '--', 'no-such-command-here'], 127, /no-such-command-here/],
  ['a command that is not executable', ['run', '--', './plain.txt'], 126, /plain\.txt/],
]

test.each(CALLS)(
  '%s is a clear line with its exit status, and nothing is touched',
  async (_name, args, expected, says) => {
    await using playground = await createPlayground()
    playground.sql(DATABASE)
    writeFileSync(join(playground.folder, 'plain.txt'), 'not a program')
    const before = listing(playground.folder)
    const { status, stdout, stderr } = await playground.devshm(...args)
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' })
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stderr.trim().split('\n').length).toBeGreaterThan(1)
    expect(listing(playground.folder)).toEqual(before)
    expect(playground.inRam()).toEqual([])
  },
)

describe.runIf(process.getuid?.() === 0)('for a user who may not', () => {
  const asNobody = (playground: Playground, ...args: string[]): ReturnType<Playground['command']> =>
    playground.command('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...DEVSHM, ...args)

  const REFUSALS: [string, string, RegExp][] = [
    ['write in the folder', 'chmod 755 . && chown 65534:65534 db.sqlite3', /is not writable, so .* cannot be replaced/],
    ['read the database', 'chmod 777 . && chmod 600 db.sqlite3', /is not readable and writable for this user/],
    ['give it back to its owner', 'chmod 777 . && chmod 666 db.sqlite3', /belongs to another user or group/],
  ]
  test.each(REFUSALS)('%s it is told in one line, and nothing is touched', async (_name, prepare, says) => {
    await using playground = await createPlayground()
    playground.sql(DATABASE)
    await playground.command('sh', '-c', `${prepare}; chmod 1777 ${playground.volume}`)
    const before = listing(playground.folder)
    const { status, stderr } = await asNobody(playground, 'run', '--db', 'db.sqlite3', '--', 'true')
    expect(stderr).toMatch(says)
    expect(stderr).toMatch(/^devshm: [^\n]+\n {2}[^\n]+\n$/)
    expect(status).toBe(1)
    expect(listing(playground.folder)).toEqual(before)
    expect(existsSync(join(playground.folder, '.devshm'))).toBe(false)
  })

  test.each(['status', 'save', 'detach', 'attach', 'run'])(
    '%s of a database that another user has in RAM says whose it is, and changes nothing',
    async (name) => {
      await using playground = await createPlayground()
      playground.sql(DATABASE)
      await playground.command('sh', '-c', `chmod 777 . && chmod 1777 ${playground.volume}`)
      await playground.devshm('attach')
      const before = listing(playground.folder)
      const { status, stderr } = await asNobody(playground, name, ...(name === 'run' ? ['--', 'touch', 'ran'] : []))
      expect(stderr).toMatch(
        /^devshm: \S+\/\.devshm belongs to another user \(uid 0\)[^\n]+\n {2}run devshm as that user[^\n]+\n$/,
      )
      expect(status).toBe(1)
      expect(listing(playground.folder)).toEqual(before)
      // Also where .devshm does not tell.
      await playground.command('mv', '.devshm', '.moved')
      const again = await asNobody(playground, name, ...(name === 'run' ? ['--', 'touch', 'ran'] : []))
      expect(again.stderr).toMatch(/live\.sqlite3, which is not a folder of this user\n {2}run devshm as the user who/)
      expect(again.status).toBe(1)
      await playground.command('sh', '-c', 'rm -rf .devshm && mv .moved .devshm')
      expect((await playground.devshm('detach')).status).toBe(0)
    },
  )

  test('enter the folder of the database it is told in one line', async () => {
    await using playground = await createPlayground()
    playground.sql(DATABASE)
    await playground.command('sh', '-c', `chmod 700 . && chmod 1777 ${playground.volume}`)
    const call = ['-C', '/', ...DEVSHM, 'run', '--db', playground.origin, '--', 'true']
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups', 'env']
    const { status, stderr } = await playground.command('setpriv', ...user, ...call)
    expect(stderr).toMatch(/^devshm: EACCES: [^\n]+db\.sqlite3'\n {2}check the permissions there\n$/)
    expect(status).toBe(1)
  })
})
