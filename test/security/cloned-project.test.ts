import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startCaller } from '../fuzz/support/caller.ts'
import { createPlayground, type Playground } from '../support/playground.ts'

/** `SECURITY.md` says the same. */
const READING = [
  'status',
  'doctor',
  'snapshots',
  'init --json',
  'completion bash',
  '__complete restore',
  'volume list',
  'template list',
]
const ACTING = ['snapshot s', 'diff s', 'restore s', 'undo', 'save', 'detach', 'run -- true', 'attach', 'detach']
const BUILDING = ['reset', 'template build', 'test -- true', 'clone']

interface Cloned {
  readonly playground: Playground
  /** Whether anything of the project has run since the last time it was asked. */
  readonly hasRun: () => boolean
  readonly call: (command: string) => Promise<number>
}

/** A project that tries to run something in every way that a folder can. */
async function cloned(configuration: object): Promise<Cloned> {
  const playground = await createPlayground()
  onTestFinished(() => playground[Symbol.asyncDispose]())
  const { folder } = playground
  const mark = join(playground.cache, 'ran')
  const touch = `#!/bin/sh\ntouch '${mark}'\nexit 1\n`
  const put = (path: string, text: string, mode = 0o755): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
    chmodSync(join(folder, path), mode)
  }
  await playground.command('git', 'init', '-q', '.')
  for (const [key, value] of [
    ['core.fsmonitor', './tool'],
    ['core.hooksPath', './hooks'],
    ['core.sshCommand', './tool'],
    ['core.pager', './tool'],
  ])
    await playground.command('git', 'config', key ?? '', value ?? '')
  for (const name of [
    'tool',
    'hooks/post-index-change',
    'cat',
    'cp',
    'setpriv',
    'git',
    'python3',
    'node',
    'sh',
    '.git/hooks/post-checkout',
  ])
    put(name, touch)
  for (const name of ['json.py', 'site.py', 'sitecustomize.py', 'manage.pyc'])
    put(name, `open(${JSON.stringify(mark)}, 'w')`)
  put('package.json', JSON.stringify({ scripts: { postinstall: './tool', test: './tool' } }))
  put('.env', `PATH=${folder}\nNODE_OPTIONS=--require ${folder}/tool\n`)
  put('devshm.config.json', JSON.stringify(configuration))
  playground.sql('create table t (a)')
  // Whoever has the project's folder on the path by mistake.
  playground.env['PATH'] = `:.:${playground.env['PATH'] ?? ''}`
  const caller = startCaller(playground, [])
  onTestFinished(() => caller[Symbol.asyncDispose]())
  return {
    playground,
    call: async (command) => (await caller.call(command.split(' '))).status,
    hasRun: () => {
      const has = existsSync(mark)
      rmSync(mark, { force: true })
      return has
    },
  }
}

test('in a project with a configuration nothing of the project runs, but by the commands that set databases up', async () => {
  const setup = [{ run: './tool', inputs: [], incremental: true }]
  const { call, hasRun } = await cloned({
    databases: { main: { path: 'db.sqlite3' } },
    setup,
    env: { DB: '{path}', LD_PRELOAD: '{path}' },
  })
  for (const command of [...READING, ...ACTING]) {
    // "true" is found before the project's folder is.
    await call(command === 'run -- true' ? 'run -- /bin/true' : command)
    expect({ command, hasRun: hasRun() }).toEqual({ command, hasRun: false })
  }
  for (const command of BUILDING) {
    expect(await call(command)).toBe(1)
    expect({ command, hasRun: hasRun() }).toEqual({ command, hasRun: true })
  }
})

test('a Django project that does not say where its databases are is asked, which runs its settings; completion and help do not', async () => {
  const { playground, call, hasRun } = await cloned({})
  // Of the system, which has Django.
  playground.env['PATH'] = '/usr/bin:/bin'
  rmSync(playground.origin)
  for (const name of ['python3', 'json.py', 'site.py', 'sitecustomize.py']) rmSync(join(playground.folder, name))
  writeFileSync(
    join(playground.folder, 'manage.py'),
    "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')",
  )
  writeFileSync(join(playground.folder, 'settings.py'), `open(${JSON.stringify(join(playground.cache, 'ran'))}, 'w')`)
  for (const command of [
    'completion bash',
    '__complete restore',
    'volume list',
    'template list',
    '--help',
    '--version',
  ]) {
    await call(command)
    expect({ command, hasRun: hasRun() }).toEqual({ command, hasRun: false })
  }
  await call('status')
  expect(hasRun()).toBe(true)
})

test('a link that came in the place of a lock is told, and nothing is made or locked at its end', async () => {
  const playground = await createPlayground()
  onTestFinished(() => playground[Symbol.asyncDispose]())
  playground.sql('create table t (a)')
  const [store, outside] = [join(playground.folder, '.devshm/db.sqlite3'), join(playground.cache, 'made')]
  mkdirSync(store, { recursive: true })
  for (const name of ['lock', 'presence']) {
    symlinkSync(outside, join(store, name))
    const { status, stderr } = await playground.devshm('run', '--', 'true')
    expect(stderr).toMatch(/^devshm: \S+ is not the empty file that devshm locks there\n {2}[^\n]+\n$/m)
    expect(status).toBe(1)
    expect(existsSync(outside)).toBe(false)
    rmSync(join(store, name))
  }
  expect((await playground.devshm('run', '--', 'true')).status).toBe(0)
})

test('links that came in the place of what devshm writes are replaced, never written through', async () => {
  const playground = await createPlayground()
  onTestFinished(() => playground[Symbol.asyncDispose]())
  playground.sql('create table t (a); insert into t values (1)')
  const store = join(playground.folder, '.devshm/db.sqlite3')
  mkdirSync(join(store, 'snapshots'), { recursive: true })
  mkdirSync(join(store, 'unfinished'))
  const victim = join(playground.cache, 'victim')
  writeFileSync(victim, 'precious')
  const names = [
    'attachment.json',
    'last-save.sqlite3',
    'last-save.json',
    'history.json',
    'lent.json',
    'snapshots/@attach.sqlite3',
    'snapshots/a.sqlite3',
    'snapshots/snapshot-1.sqlite3',
    '../README',
    '../.gitignore',
  ]
  const unfinished = [
    'attach.sqlite3',
    'link',
    'attachment.json',
    'history.json',
    'README',
    'snapshot-stage.sqlite3',
    'save.sqlite3',
  ]
  const beside = ['db.sqlite3-wal', 'db.sqlite3-shm', '.db.sqlite3.devshm-original']
  for (const name of [...names, ...unfinished.map((one) => `unfinished/${one}`)]) symlinkSync(victim, join(store, name))
  for (const name of beside) {
    symlinkSync(victim, join(playground.folder, name))
    for (const args of [
      ['run', '--', 'true'],
      ['snapshot', 'b'],
      ['restore', 'b'],
    ])
      await playground.devshm(...args)
    rmSync(join(playground.folder, name), { force: true })
  }
  for (const args of [
    ['run', '--', 'sqlite3', 'db.sqlite3', 'insert into t values (2)'],
    ['snapshot', '--force', 'a'],
    ['restore', 'a'],
    ['undo'],
  ])
    await playground.devshm(...args)
  expect(readFileSync(victim, 'utf8')).toBe('precious')
  expect(readdirSync(playground.cache).filter((name) => name.startsWith('victim'))).toEqual(['victim'])
})
