import { chmodSync, closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createPlayground, DEVSHM, type Outcome, type Playground } from '../support/playground.ts'

async function open(): Promise<Playground> {
  const playground = await createPlayground()
  onTestFinished(() => playground[Symbol.asyncDispose]())
  playground.sql('create table t (a); insert into t values (1)')
  return playground
}

/** Run devshm from a shell that first does something to itself. */
async function after(playground: Playground, preparation: string, ...args: string[]): Promise<Outcome> {
  return await playground.command('sh', '-c', `${preparation}; exec "$@"`, 'sh', ...DEVSHM, ...args)
}

function isClear({ status, stderr }: Outcome): void {
  expect([0, 1, 2]).toContain(status)
  expect(stderr).not.toMatch(/^ {4}at |unexpected:/m)
}

test('programs of the project do not stand in for tools of the system that devshm starts', async () => {
  const playground = await open()
  const mark = join(playground.cache, 'ran')
  for (const name of ['cat', 'cp', 'setpriv', 'git', 'lsof', 'ps', 'sysctl']) {
    writeFileSync(join(playground.folder, name), `#!/bin/sh\ntouch '${mark}'\n`)
    chmodSync(join(playground.folder, name), 0o755)
  }
  // Large enough to be copied by another process.
  playground.sql('insert into t values (zeroblob(6000000))')
  for (const path of ['.:', ':', '', './']) {
    playground.env['PATH'] = `${path}${path === '' ? '' : (process.env['PATH'] ?? '')}`
    expect(await playground.command(...DEVSHM, 'run', '--db', 'db.sqlite3', '--', '/bin/true')).toMatchObject({
      status: 0,
    })
  }
  playground.env['PATH'] = `.:${process.env['PATH'] ?? ''}`
  await playground.devshm('doctor')
  expect(existsSync(mark)).toBe(false)
})

test('variables with nonsense in them are told or ignored', async () => {
  const playground = await open()
  const setup = { setup: [{ run: 'sqlite3 $DB "create table t (a)"', inputs: [] }], env: { DB: '{path}' } }
  writeFileSync(join(playground.folder, 'devshm.config.json'), JSON.stringify(setup))
  for (const [name, value] of [
    ['DEVSHM_VOLUME', '../x'],
    ['DEVSHM_VOLUME', '/etc/passwd'],
    ['DEVSHM_VOLUME', '\u001b[2J\n'],
    ['DEVSHM_CACHE', 'relative'],
    ['DEVSHM_CACHE', '/proc/self/x'],
    ['DEVSHM_CACHE', '/dev/null/x'],
    ['HOME', '/proc/self'],
    ['HOME', 'a\nb'],
    ['HOME', ''],
    ['XDG_CACHE_HOME', '\u001b[2J'],
    ['XDG_RUNTIME_DIR', '..'],
    ['TMPDIR', '/nonexistent'],
    ['DEVSHM_BUILDING', '\u001b[2J'],
  ] as const) {
    const env = { ...playground.env, [name]: value, ...(/^HOME|^XDG/.test(name) && { DEVSHM_CACHE: '' }) }
    const isAboutCache = /CACHE|HOME/.test(name)
    const outcome = await runIn(playground.folder, env, ...(isAboutCache ? ['reset'] : ['run', '--', 'true']))
    isClear(outcome)
    expect(outcome.stderr).not.toContain('\u001b')
  }
})

async function runIn(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome> {
  const child = spawn(DEVSHM[0], [...DEVSHM.slice(1), ...args], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 30_000,
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await once(child, 'close')
  return { status: child.exitCode ?? -1, stdout: '', stderr }
}

test('with closed streams, limits on files and memory, and any umask, work is done or told, and the data is whole', async () => {
  const playground = await open()
  for (const preparation of [
    'exec 0<&-',
    'exec 1>&-',
    'exec 2>&-',
    'exec 0<&- 1>&- 2>&-',
    'umask 0',
    'umask 777',
    'ulimit -n 25',
    'ulimit -n 30',
    'ulimit -f 0',
    'ulimit -f 8',
  ]) {
    isClear(await after(playground, preparation, 'run', '--', 'sqlite3', 'db.sqlite3', 'select 1'))
  }
  expect(await playground.devshm('detach')).toMatchObject({ status: 0 })
  expect(playground.sql('select a from t')).toEqual([{ a: 1 }])
})

test('that nobody reads what it says does not end devshm half-way', async () => {
  const playground = await open()
  await playground.command('mkfifo', 'pipe')
  const reader = openSync(join(playground.folder, 'pipe'), 'r+')
  const { status } = await playground.command(
    'sh',
    '-c',
    '"$@" 2>&1 | true; "$@" 2> /dev/full',
    'sh',
    ...DEVSHM,
    'run',
    '--',
    'true',
  )
  closeSync(reader)
  expect(status).toBeLessThan(2)
  expect(playground.sql('select a from t')).toEqual([{ a: 1 }])
})

test.runIf(process.geteuid?.() === 0)('as root, the cache of another user is not used, and that is said', async () => {
  const playground = await open()
  const home = join(playground.folder, 'home')
  mkdirSync(join(home, '.cache/devshm'), { recursive: true })
  await playground.command('chown', '-R', '5901:5901', home)
  await playground.command(
    'sh',
    '-c',
    `echo '{"setup": [{"run": "true", "inputs": []}], "env": {"DB": "{path}"}}' > devshm.config.json`,
  )
  const { status, stderr } = await runIn(
    playground.folder,
    { ...playground.env, HOME: home, DEVSHM_CACHE: '', XDG_CACHE_HOME: '' },
    'reset',
  )
  expect(stderr).toMatch(
    /^devshm: \S+\/home\/\.cache\/devshm belongs to another user \(uid 5901\), [^\n]+\n {2}[^\n]+\n$/,
  )
  expect(status).toBe(1)
})
