import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placesOf } from '../../src/session/places.ts'
import { openElsewhere } from '../support/other-program.ts'
import { DEVSHM, eventually, isLink } from '../support/playground.ts'
import { openTerminal } from '../support/pty.ts'
import { createShellProject, type ShellProject } from '../template/support/shell-project.ts'
import { showOnTerminal } from './support/stage.ts'

const ESCAPE = '\x1b'

/** A project with what the job needs. */
async function createFor(job: string): Promise<ShellProject> {
  const project = await createShellProject()
  project.sql("create table item (id integer primary key, name text); insert into item (name) values ('one')")
  // Before the first command there is no lock that others could have.
  if (['attach', 'snapshot', 'restore', 'undo', 'diff'].includes(job)) await project.devshm('snapshot', 'friday')
  if (job === 'reset') await project.devshm('template', 'build')
  if (job === 'save' || job === 'detach') await project.devshm('attach')
  project.sql("insert into item (name) values ('two')")
  if (job === 'undo') await project.devshm('restore', 'friday')
  return project
}

/** Every entry below the project, but for a journal of the app's and the log of holders. */
async function entries(project: ShellProject): Promise<string> {
  const { stdout } = await project.command(
    'find',
    '.',
    project.volume,
    '!',
    '-name',
    '*-journal',
    '!',
    '-name',
    'holder.log',
  )
  return stdout.split('\n').toSorted().join('\n')
}

test.concurrent.each([
  ['putting db.sqlite3 into RAM', ['attach']],
  ['keeping db.sqlite3', ['snapshot', 'monday']],
  ['restoring db.sqlite3', ['restore', 'friday', '--timeout', '60']],
  ['restoring db.sqlite3', ['undo', '--timeout', '60']],
  ['resetting db.sqlite3', ['reset', '--timeout', '60']],
  ['preparing the template', ['reset', '--no-cache']],
  ['saving db.sqlite3', ['save']],
  ['saving db.sqlite3', ['detach']],
  ['comparing db.sqlite3', ['diff', 'friday']],
])(
  'what takes longer than a second shows “%s”, and Ctrl-C ends it with 130 and leaves nothing: %j',
  async (text, job) => {
    await using project = await createFor(job[0] ?? '')
    // What is open elsewhere is not put into RAM at all: there another devshm command is at work.
    const isEntering = text.startsWith('putting')
    await using app = await openElsewhere(isEntering ? placesOf(project.origin).lock : project.origin)
    await app.sql('begin exclusive')
    const before = await entries(project)
    const wasLink = isLink(project.origin)
    await using terminal = openTerminal([...DEVSHM, ...job], { cwd: project.folder, env: project.env, type: 'xterm' })
    await terminal.waitFor(new RegExp(`devshm: ${text}[^\\n]*, 1 s`))
    terminal.write('\x03')
    expect(await terminal.exit).toBe(130)
    expect(await entries(project)).toBe(before)
    expect(isLink(project.origin)).toBe(wasLink)
    if (isEntering) {
      // Its holder still waits for the lock; once it has that, it sees that nobody waits for it any more.
      await app.close()
      await holderHasEnded(project)
    }
  },
)

/** The holder that an `attach` which was interrupted had started. */
async function holderHasEnded(project: ShellProject): Promise<void> {
  await eventually(
    'the holder has ended',
    async () => (await project.command('pgrep', '-f', project.origin)).status === 1,
  )
}

test('a comparison of files of no project of devshm’s leaves nothing in the folder for temporary files', async () => {
  await using project = await createFor('nothing')
  project.env['TMPDIR'] = join(project.cache, 'tmp')
  mkdirSync(project.env['TMPDIR'])
  project.sql('create table t (a)', join(project.folder, 'other.sqlite3'))
  await using app = await openElsewhere(project.origin)
  await app.sql('begin exclusive')
  const diff = [...DEVSHM, 'diff', './other.sqlite3', './db.sqlite3']
  await using terminal = openTerminal(diff, { cwd: project.folder, env: project.env, type: 'xterm' })
  await terminal.waitFor(/comparing db\.sqlite3/)
  expect(readdirSync(project.env['TMPDIR'])).toHaveLength(1)
  terminal.write('\x03')
  expect(await terminal.exit).toBe(130)
  expect(readdirSync(project.env['TMPDIR'])).toEqual([])
})

test('the holder of an attach that was interrupted does not stay', async () => {
  await using project = await createFor('attach')
  await using other = await openElsewhere(placesOf(project.origin).lock)
  await other.sql('begin exclusive')
  await using terminal = openTerminal([...DEVSHM, 'attach'], { cwd: project.folder, env: project.env, type: 'xterm' })
  await terminal.waitFor(/waiting for another devshm command/)
  terminal.write('\x03')
  expect(await terminal.exit).toBe(130)
  await other.close()
  await holderHasEnded(project)
  expect(isLink(project.origin)).toBe(false)
  expect(project.inRam().filter((path) => path.endsWith('.sqlite3'))).toEqual([])
})

test('a step of the set-up is shown while it runs, and the line is gone when it ended', async () => {
  await using project = await createShellProject()
  await project.command('mkfifo', 'go')
  project.configure({ setup: [{ run: 'cat go | sqlite3 "$APP_DB"', inputs: [] }] })
  await using terminal = openTerminal([...DEVSHM, 'reset'], { cwd: project.folder, env: project.env, type: 'xterm' })
  await terminal.waitFor(/running cat go \| sqlite3 "\$APP_DB", 1 s/)
  await project.command('sh', '-c', 'echo "create table t (a);" > go')
  await terminal.waitFor(new RegExp(String.raw`\r${ESCAPE}\[2K {2}done`))
  expect(await terminal.exit).toBe(0)
})

test.each([
  ['NO_COLOR', { NO_COLOR: '1' }],
  ['a terminal that has none', { TERM: 'dumb' }],
])('no colours with %s', async (_why, env) => {
  await using project = await createFor('diff')
  for (const args of [['diff', 'friday'], ['doctor'], ['stauts']]) {
    const plain = await showOnTerminal(project, args, env)
    expect(plain.output).not.toContain(ESCAPE)
    const coloured = await showOnTerminal(project, args)
    expect(withoutTimes(coloured.output.replaceAll(new RegExp(String.raw`${ESCAPE}\[\d+m`, 'g'), ''))).toBe(
      withoutTimes(plain.output),
    )
  }
})

function withoutTimes(text: string): string {
  return text.replaceAll(/[\d.:]+/g, '0')
}
