import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, DEVSHM, eventually, type Playground } from '../support/playground.ts'
import { openTerminal } from '../support/pty.ts'
import { createDjangoSetup } from '../template/support/django-setup.ts'
import { createShellProject } from '../template/support/shell-project.ts'

interface Shown {
  readonly parts: readonly {
    readonly name: string
    readonly leftOut?: string
    readonly failed: boolean
    readonly notes: readonly string[]
    readonly rows: readonly {
      readonly id: string
      readonly median: number
      readonly values: readonly number[]
      readonly ratio?: number
    }[]
  }[]
  readonly verdict: Record<string, unknown>
  readonly page?: string
}

/** What a run may leave nothing of: private databases, in RAM and on disk. */
function leftOf({ folder, inRam }: Playground): string[] {
  const onDisk = globSync('.devshm/**/{devshm-*,build-*,pool-*}', { cwd: folder })
  return [...inRam(), ...onDisk]
}

function idsOf({ parts }: Shown): string[] {
  return parts.flatMap(({ rows }) => rows.map(({ id }) => id))
}

test('a Django project: each part, a verdict and a page; its database and the cache stay as they are', async () => {
  await using project = await createDjangoSetup()
  expect(await project.manage('migrate', '--noinput')).toMatchObject({ status: 0 })
  const before = readFileSync(project.origin)
  const outcome = await project.devshm('bench', '--quick', '--runs', '1', '--json', '--html', 'bench.html')
  expect(outcome, outcome.stderr).toMatchObject({ status: 0, stderr: '' })

  const shown = JSON.parse(outcome.stdout) as Shown
  const commits = ['request-disk', 'request-ram', 'request-wal', 'commit-disk', 'commit-ram', 'commit-wal']
  expect(idsOf(shown)).toEqual([...commits, 'setup-disk', 'setup-ram', 'reset', 'tests-without', 'tests-with'])
  for (const { id, median, values } of shown.parts.flatMap(({ rows }) => rows)) {
    expect({ id, isTime: median > 0 && values.every((value) => value > 0) }).toEqual({ id, isTime: true })
  }
  expect(shown.parts[0]?.notes).toContain('On private copies of the database.')
  expect(Object.keys(shown.verdict)).toEqual(['templates', 'ram', 'summary', 'sentences', 'turnOn'])

  expect(shown.page).toBe(join(project.folder, 'bench.html'))
  const page = readFileSync(join(project.folder, 'bench.html'), 'utf8')
  expect(page).toContain('manage.py migrate')
  expect(readFileSync(project.origin)).toEqual(before)
  for (const folder of ['layers', 'tests', 'unfinished']) expect(readdirSync(join(project.cache, folder))).toEqual([])
  expect(leftOf(project)).toEqual([])
})

test('without a framework: the steps, a reset and clones, in words and in a table, and what is attached is only read', async () => {
  await using project = await createShellProject()
  project.sql('create table mine (a); insert into mine values (1)')
  expect(await project.devshm('attach')).toMatchObject({ status: 0 })
  const inRam = project.inRam().filter((path) => !path.includes('/leases'))
  const outcome = await project.devshm('bench', '--quick', '--runs', '1')
  expect(outcome, outcome.stderr).toMatchObject({ status: 0 })
  expect(outcome.stderr).toMatch(
    /^devshm: measuring takes up to about \d+ seconds; Ctrl-C ends it, and nothing is left\n$/,
  )
  for (const line of [
    /^One commit$/m,
    /^ {2}a request, on disk +[\d.]+ m?s {2}measured once$/m,
    /^ {2}a row on one connection, in RAM with WAL +[\d.]+ m?s {2}measured once +[\d.]+ × as fast$/m,
    /^ {2}1\. echo migrate .*, on disk +[\d.]+ m?s/m,
    /^ {2}the whole set-up, in RAM .* × as fast$/m,
    /^ {2}devshm reset +[\d.]+ m?s .* × as fast$/m,
    /^ {2}a clone of the template, in RAM .* × as fast$/m,
    /^(?:Turn on:|Nothing is worth turning on\.)$/m,
  ]) {
    expect(outcome.stdout).toMatch(line)
  }
  // Nothing for a terminal in what goes elsewhere.
  expect(outcome.stdout).not.toContain('\x1b')
  // On disk and in RAM; the reset and the clones run nothing.
  expect(project.runs()).toEqual({ migrate: 2, load: 2 })
  expect(project.sql('select * from mine')).toEqual([{ a: 1 }])
  expect(project.inRam().filter((path) => !path.includes('/leases'))).toEqual(inRam)
  expect(leftOf(project).filter((path) => path.startsWith('.devshm'))).toEqual([])
})

test('what cannot be measured is left out, and says why', async () => {
  await using project = await createPlayground()
  project.sql('create table t (a)')
  const outcome = await project.devshm('bench', '--quick', '--runs', '1', '--json')
  expect(outcome).toMatchObject({ status: 0 })
  const shown = JSON.parse(outcome.stdout) as Shown
  expect(idsOf(shown)).toHaveLength(6)
  expect(shown.parts.slice(1).map(({ leftOut }) => leftOut)).toEqual([
    expect.stringContaining('nothing says how the databases of'),
    expect.stringContaining('nothing says how the databases of'),
  ])

  // The path of the user's own database is not lent for a measurement.
  writeFileSync(join(project.folder, 'devshm.config.json'), '{ "setup": [{ "run": "sqlite3 db.sqlite3 .schema" }] }')
  const { stdout } = await project.devshm('bench', '--only', 'setup', '--runs', '1')
  expect(stdout).toContain('Left out: nothing leads the steps of the set-up to a private database')
  expect(stdout).toContain('under "env" in devshm.config.json')
  expect(stdout).toContain('What templates gain was not measured; what RAM gains was not measured.')
})

test('of several databases the one that --db names is measured, by its reset as well', async () => {
  await using project = await createShellProject()
  const [mine, other] = [join(project.folder, 'mine.db'), join(project.folder, 'other.db')]
  for (const path of [mine, other]) project.sql('create table t (a)', path)
  project.configure({ databases: undefined })
  const outcome = await project.devshm('bench', '--db', 'mine.db', '--only', 'setup', '--runs', '1')
  expect(outcome, outcome.stderr).toMatchObject({ status: 0 })
  expect(outcome.stdout).toMatch(/^ {2}devshm reset +[\d.]+ m?s/m)
  expect(project.sql('select name from sqlite_schema', mine)).toEqual([{ name: 't' }])
})

test("a test database of Django's that is a file is somebody's: it is not touched", async () => {
  await using project = await createDjangoSetup()
  const mine = join(project.folder, 'test.sqlite3')
  writeFileSync(mine, 'mine')
  const name = "'NAME': BASE_DIR / 'db.sqlite3',"
  await project.edit('shop/settings.py', name, `${name} 'TEST': {'NAME': BASE_DIR / 'test.sqlite3'},`)
  const outcome = await project.devshm('bench', '--only', 'tests', '--runs', '1')
  expect(outcome, outcome.stderr).toMatchObject({ status: 0 })
  expect(outcome.stdout).toContain(`Left out: the test database of 'default' is a file`)
  expect(readFileSync(mine, 'utf8')).toBe('mine')

  await project.edit('catalog/models.py', 'from django.db', 'import no_such_module\nfrom django.db')
  const failed = await project.devshm('bench', '--only', 'tests', '--runs', '1')
  expect(failed.status).toBe(1)
  expect(failed.stdout).toMatch(
    /Left out: making Django's test databases failed \(exit status 1\):[\s\S]*no_such_module/,
  )
  expect(leftOf(project)).toEqual([])
})

test('without room in RAM the disk is measured alone', async () => {
  await using project = await createPlayground()
  project.sql('create table t (a)')
  project.env['DEVSHM_VOLUME'] = project.cache
  const { stdout } = await project.devshm('bench', '--only', 'commits', '--quick', '--runs', '1')
  expect(stdout).toMatch(/Nothing is measured in RAM: there is no RAM-backed folder here/)
  expect(stdout).toContain('a request, on disk')
  expect(stdout).not.toContain('in RAM with WAL')
})

test('a step that fails: the rest is shown, and the status is 1', async () => {
  await using project = await createShellProject()
  project.write('migrations/002.sql', 'this is no SQL')
  const outcome = await project.devshm('bench', '--only', 'commits,setup', '--quick', '--runs', '1')
  expect(outcome).toMatchObject({ status: 1 })
  expect(outcome.stdout).toContain('a request, in RAM')
  expect(outcome.stdout).toMatch(/Left out: the step of the set-up `echo migrate .*` failed/)
  expect(leftOf(project)).toEqual([])
})

test.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s during the set-up leaves nothing, no later than the next run',
  async (signal) => {
    await using project = await createShellProject()
    const started = join(project.folder, 'started')
    const setup = [{ run: 'sqlite3 "$APP_DB" "create table t (a)"; echo $$ > started; exec sleep 1000', inputs: [] }]
    project.configure({ setup })
    const bench = project.start(DEVSHM[0], ...DEVSHM.slice(1), 'bench', '--only', 'setup')
    await eventually('the step runs', () => existsSync(started) && readFileSync(started, 'utf8') !== '')
    expect(leftOf(project)).not.toEqual([])
    bench.process.kill(signal)
    const status = await bench.exit
    const pid = Number(readFileSync(started, 'utf8'))
    await eventually('the step has ended', () => !existsSync(`/proc/${pid}`))
    if (signal === 'SIGKILL') await project.devshm('bench', '--only', 'commits', '--quick', '--runs', '1')
    else {
      expect(status).toBe(130)
      expect(bench.output).toContain('interrupted; what was measured so far is not shown')
    }
    expect(leftOf(project)).toEqual([])
    expect(existsSync(project.origin)).toBe(false)
  },
)

test('on a terminal: progress, and bold unless NO_COLOR is set', async () => {
  await using project = await createPlayground()
  project.sql('create table t (a)')
  const show = async (runs: string, ...env: string[]): Promise<string> => {
    const argv = ['env', 'TERM=xterm', ...env, ...DEVSHM, 'bench', '--only', 'commits', '--quick', '--runs', runs]
    await using terminal = openTerminal(argv, { cwd: project.folder, env: { ...project.env, NO_COLOR: '' } })
    expect(await terminal.exit).toBe(0)
    return terminal.output
  }
  const shown = await show('4')
  expect(shown).toMatch(/devshm: measuring a r[^\r]* \d+%, 1 s/)
  expect(shown).toContain('\x1b[1mOne commit\x1b[22m')
  expect(await show('1', 'NO_COLOR=1')).not.toContain('\x1b[1m')
})

test.for([
  [['--only', 'commits,speed'], 'there is no part "speed"'],
  [['--runs', 'many'], 'it takes a whole number, 1 or more'],
  [['--force'], '--force is about the file of --html'],
  [['--html', 'no/such/folder.html'], 'there is no folder'],
  [['--html', '.'], 'is no file that a page could replace'],
  [['--html', 'db.sqlite3', '--force'], 'is a database, and is not replaced by a page'],
  [['--html', 'notes.html'], 'is there already, and no page of devshm bench'],
] as const)('%j is a wrong call, and nothing is done', async ([flags, message]) => {
  await using project = await createPlayground()
  project.sql('create table t (a)')
  writeFileSync(join(project.folder, 'notes.html'), '<h1>mine</h1>')
  const outcome = await project.devshm('bench', ...flags)
  expect(outcome).toMatchObject({ status: 2, stdout: '' })
  expect(outcome.stderr).toContain(message)
  expect(readFileSync(join(project.folder, 'notes.html'), 'utf8')).toBe('<h1>mine</h1>')
  expect(existsSync(join(project.folder, '.devshm'))).toBe(false)
})
