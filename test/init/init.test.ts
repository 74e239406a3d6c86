import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, DEVSHM, type Playground } from '../support/playground.ts'
import { withoutStrace } from '../run/support/strace.ts'
import { canMount } from '../session/support/mounts.ts'

const CONFIG = 'devshm.config.json'

interface Project extends Playground {
  readonly config: string
  read(): string
  write(path: string, text: string): void
}

/** What is found of Knex, without its packages: nothing is run for that. */
async function createProject(): Promise<Project> {
  const playground = await createPlayground()
  const at = (path: string): string => join(playground.folder, path)
  const write = (path: string, text: string): void => {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), text)
  }
  write('package.json', '{ "dependencies": { "knex": "*" } }')
  write('knexfile.js', "module.exports = { client: 'better-sqlite3', connection: { filename: 'dev.sqlite3' } }")
  write('migrations/1_products.js', '')
  const config = at(CONFIG)
  return { ...playground, config, write, read: () => readFileSync(config, 'utf8') }
}

test('without a terminal it shows what it would write, writes nothing and ends with 2; with --yes it writes just that', async () => {
  await using project = await createProject()
  const shown = await project.devshm('init')
  expect(shown.status).toBe(2)
  expect(shown.stderr).toBe(
    'devshm: nothing was written\ndevshm: there is no terminal to ask on\n  with --yes it is written without asking\n',
  )
  expect(readdirSync(project.folder)).not.toContain(CONFIG)
  const written = await project.devshm('init', '--yes')
  expect(written).toMatchObject({ status: 0, stderr: 'devshm: devshm.config.json is written\n  next: devshm reset\n' })
  expect(shown.stdout).toContain(project.read().trimEnd())
  expect(written.stdout).toMatch(/^found Knex\n {2}database {2}dev: dev\.sqlite3 \(not there yet\)\n {2}step 1 {4}npx/)
})

test('it touches no other file, and what it wrote has the usual permissions', async () => {
  await using project = await createProject()
  project.write('.gitignore', 'node_modules\n')
  const before = factsOf(project)
  await project.command('sh', '-c', `umask 027; exec ${DEVSHM.join(' ')} init --yes`)
  const { [CONFIG]: _written, ...others } = factsOf(project)
  expect(others).toEqual(before)
  expect(statSync(project.config).mode & 0o777).toBe(0o640)
})

test('again it has nothing to do, and leaves the file alone', async () => {
  await using project = await createProject()
  await project.devshm('init', '--yes')
  const before = factsOf(project)
  for (const flags of [[], ['--yes'], ['--force']]) {
    expect(await project.devshm('init', ...flags)).toMatchObject({
      status: 0,
      stderr: 'devshm: devshm.config.json says all of that already; nothing to do\n',
    })
  }
  expect(factsOf(project)).toEqual(before)
})

test('what the user added is nothing to do either', async () => {
  await using project = await createProject()
  await project.devshm('init', '--yes')
  const step = '"inputs": [], "incremental": true }'
  const edited = project
    .read()
    .replace(step, '"inputs": ["shared/**"], "incremental": true }, { "run": "npm run seed" }')
    .replace(/\}\n$/, ', // Mine.\n  "saveEvery": 5\n}\n')
  writeFileSync(project.config, edited)
  expect(await project.devshm('init', '--yes')).toMatchObject({ status: 0 })
  expect(project.read()).toBe(edited)
})

test('what the user changed is shown as a difference, and replaced only with --force; comments around it stay', async () => {
  await using project = await createProject()
  const mine = '{\n  // Mine.\n  "setup": [\n    { "run": "make database" }\n  ]\n}\n'
  project.write(CONFIG, mine)
  for (const flags of [[], ['--yes']]) {
    const outcome = await project.devshm('init', ...flags)
    expect(outcome.status).toBe(flags.length === 0 ? 2 : 0)
    expect(outcome.stderr).toContain('--force')
    expect(outcome.stdout).toContain('devshm.config.json would change:')
    expect(outcome.stdout).toContain('\n-     { "run": "make database" }\n')
    expect(outcome.stdout).toContain('\n+   "databases": {\n')
    expect(outcome.stdout).toContain('\n    // Mine.\n')
    expect(project.read()).toBe(mine)
  }
  expect(await project.devshm('init', '--force')).toMatchObject({ status: 0 })
  expect(project.read()).toContain('  // Mine.\n  "setup": [\n    { "run": "npx')
})

test('what is missing is added with --yes, and all that was there stays', async () => {
  await using project = await createProject()
  project.write(CONFIG, '{\n  // Often.\n  "saveEvery": 5, // or more?\n}\n')
  chmodSync(project.config, 0o640)
  expect(await project.devshm('init', '--yes')).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('is changed'),
  })
  expect(project.read()).toContain('\n\n  // Often.\n  "saveEvery": 5, // or more?\n}\n')
  expect(statSync(project.config).mode & 0o777).toBe(0o640)
  expect((await project.devshm('init')).status).toBe(0)
})

test('with --json it prints what it found and did, and asks nothing', async () => {
  await using project = await createProject()
  const first = await project.devshm('init', '--json')
  expect(first.status).toBe(2)
  expect(JSON.parse(first.stderr)).toMatchObject({
    type: 'error',
    code: 'USAGE',
    hint: expect.stringContaining('--yes'),
  })
  const would = JSON.parse(first.stdout) as Record<string, unknown>
  expect(would).toMatchObject({
    action: 'none',
    framework: 'Knex',
    isPreset: true,
    path: project.config,
    added: ['databases', 'setup'],
  })
  const { stdout, stderr } = await project.devshm('init', '--json', '--yes')
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ ...would, action: 'created' })
  expect(project.read()).toBe(would['text'])
})

test('a broken configuration is named with the line, and stays', async () => {
  await using project = await createProject()
  project.write(CONFIG, '{\n  "setups": []\n}\n')
  const outcome = await project.devshm('init', '--force')
  expect(outcome).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/config\.json:2:3: unknown key "setups"/),
  })
  expect(project.read()).toBe('{\n  "setups": []\n}\n')
})

test('one in package.json is left alone', async () => {
  await using project = await createProject()
  project.write('package.json', '{ "dependencies": { "knex": "*" }, "devshm": { "saveEvery": 5 } }')
  expect(await project.devshm('init', '--force')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/by the key "devshm" in .*package\.json.*\n {2}move that to .*"setup":\[/),
  })
  const { details } = JSON.parse((await project.devshm('init', '--json')).stderr) as { details: { found: object } }
  project.write('package.json', JSON.stringify({ dependencies: { knex: '*' }, devshm: details.found }))
  expect(await project.devshm('init')).toMatchObject({ status: 0, stderr: expect.stringContaining('nothing to do') })
  expect(readdirSync(project.folder)).not.toContain(CONFIG)
})

test('nothing found is one line and 1; a link is followed, and one that leads nowhere is an error', async () => {
  await using project = await createProject()
  symlinkSync('elsewhere.json', project.config)
  expect(await project.devshm('init', '--yes')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('leads nowhere'),
  })
  project.write('elsewhere.json', '{}')
  expect(await project.devshm('init', '--yes')).toMatchObject({ status: 0 })
  expect(lstatSync(project.config).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(project.folder, 'elsewhere.json'), 'utf8')).toContain('knex migrate:latest')
  renameSync(join(project.folder, 'knexfile.js'), join(project.folder, 'knexfile.txt'))
  await using empty = await createPlayground()
  const { status, stdout, stderr } = await empty.devshm('init', '--yes')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr.split('\n')[0]).toMatch(/^devshm: nothing in .* says how its databases are set up; looked for Django, /)
})

test.runIf(canMount())('where it cannot be written, that is said, and nothing is left', async () => {
  await using project = await createProject()
  execFileSync('mount', ['--bind', project.folder, project.folder])
  try {
    execFileSync('mount', ['-o', 'remount,bind,ro', project.folder])
    const { status, stderr } = await project.devshm('init', '--yes')
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^devshm: cannot write .*devshm\.config\.json: EROFS.*\n {2}the file system is mounted read-only\n/,
    )
  } finally {
    execFileSync('umount', ['-l', project.folder])
  }
  expect(readdirSync(project.folder).filter((name) => name.includes('devshm'))).toEqual([])
})

test.skipIf(withoutStrace !== undefined)(
  'killed while it writes, there is the old file, and the next one cleans up',
  async () => {
    await using project = await createProject()
    project.write(CONFIG, '{ "saveEvery": 5 }')
    // It is written beside the other one, and then forced to the disk: the first file that is.
    const killAtSync = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:signal=KILL']
    await project.command('strace', ...killAtSync, ...DEVSHM, 'init', '--yes')
    expect(project.read()).toBe('{ "saveEvery": 5 }')
    expect(readdirSync(project.folder).filter((name) => name.startsWith('.devshm.config'))).toHaveLength(1)
    expect(await project.devshm('init', '--yes')).toMatchObject({ status: 0 })
    expect(project.read()).toContain('"setup"')
    expect(readdirSync(project.folder).filter((name) => name.startsWith('.devshm.config'))).toEqual([])
  },
)

test('several at once all succeed or say so, and leave one whole file', async () => {
  await using project = await createProject()
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => project.devshm('init', '--yes')))
  for (const { status, stderr } of outcomes) {
    if (status !== 0) expect(stderr).toContain('changed by somebody else meanwhile')
  }
  expect(outcomes.some(({ status }) => status === 0)).toBe(true)
  expect((await project.devshm('init')).status).toBe(0)
  expect(readdirSync(project.folder).filter((name) => name.includes('devshm'))).toEqual([CONFIG])
})

/** Content and times of all files of the project. */
function factsOf({ folder }: Project): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    paths.toSorted().map((path) => {
      const stats = statSync(join(folder, path), { bigint: true })
      return [
        path,
        stats.isDirectory() ? 'folder' : `${stats.ino} ${stats.mtimeNs} ${readFileSync(join(folder, path), 'utf8')}`,
      ]
    }),
  )
}
