import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openElsewhere } from './support/other-program.ts'
import { isLink, liveOf, run, type Outcome } from './support/playground.ts'
import { createDjangoSetup, type DjangoSetup } from './template/support/django-setup.ts'

const ROOT = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'devshm-single-file-'))
const devshmFile = join(folder, 'devshm')

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build-sea.ts', folder], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The programs that there are: no Node.js among them. */
function withoutNode(project: DjangoSetup): NodeJS.ProcessEnv {
  const bin = join(project.cache, 'bin')
  mkdirSync(bin)
  for (const [name, path] of [
    ['python3', project.python],
    ['sh', '/bin/sh'],
    ['env', '/usr/bin/env'],
  ] as const) {
    symlinkSync(path, join(bin, name))
  }
  return { ...project.env, PATH: bin }
}

test('it is one file, that nobody else may change, and says which devshm and which licences are in it', async () => {
  expect((statSync(devshmFile).mode & 0o777).toString(8)).toBe('755')
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  expect(await run(devshmFile, ['--version'], { cwd: '/', env: {} })).toEqual({
    status: 0,
    stdout: `${version}\n`,
    stderr: '',
  })
  const licences = readFileSync(join(folder, 'LICENSES.txt'), 'utf8')
  for (const name of [`Node.js ${process.version}`, 'commander 15']) expect(licences).toContain(name)
})

test('where there is no Node.js: reset by Django’s hook, run, attach, snapshot, restore, diff, test, doctor, detach', async () => {
  await using project = await createDjangoSetup()
  // NODE_OPTIONS is meant for others.
  const env = { ...withoutNode(project), NODE_OPTIONS: '--require=/nowhere/at-all.cjs' }
  const devshm = async (...args: string[]): Promise<Outcome> => {
    const outcome = await run(devshmFile, args, { cwd: project.folder, env })
    expect(outcome, `${args.join(' ')}: ${outcome.stderr}`).toMatchObject({ status: 0 })
    return outcome
  }
  await expect(run('sh', ['-c', 'command -v node'], { cwd: project.folder, env })).resolves.toMatchObject({
    stdout: '',
  })

  await project.write(
    'devshm.config.json',
    '{ "setup": [{ "run": "python3 manage.py migrate --noinput", "inputs": [] }] }',
  )
  await devshm('reset')
  const orders = 'select count(*) as number from orders_order'
  expect(project.sql(orders)).toEqual([{ number: 0 }])

  const where = await devshm('run', '--', 'python3', '-c', 'import os; print(os.path.realpath("db.sqlite3"))')
  expect(where.stdout).toContain(project.volume)
  expect(isLink(project.origin)).toBe(false)

  // In WAL a restore under an app that writes has a thread of its own.
  await devshm('attach', '--journal', 'wal')
  expect(dirname(liveOf(project.origin))).toContain(project.volume)
  // Large enough to be checked by a thread of its own.
  project.sql('create table notes (a); create table large as select randomblob(40000000) as content')
  await devshm('save')
  await devshm('snapshot', 'large')
  project.sql('drop table large')
  expect((await devshm('diff', 'large')).stdout).toContain('- table large')
  {
    await using app = await openElsewhere(project.origin)
    await app.repeat('insert into notes values (1)')
    await devshm('restore', 'large')
  }
  expect(project.sql('select length(content) as bytes from large')).toEqual([{ bytes: 40_000_000 }])
  await devshm('test', '--', 'sh', '-c', 'test -s "$DEVSHM_CLONE_1"')
  const tests = await devshm('test', '--', 'python3', 'manage.py', 'test', 'catalog', '--verbosity', '2')
  expect(tests.stderr).toMatch(/Ran \d+ tests/)
  expect((await devshm('doctor')).stdout).toContain(process.versions.node)
  expect((await devshm('status')).stdout).toContain('in RAM')
  expect((await devshm('completion', 'bash')).stdout).toContain('complete -o nosort -F _devshm devshm')
  await devshm('detach')
  expect(isLink(project.origin)).toBe(false)
  expect(project.sql('select length(content) as bytes from large')).toEqual([{ bytes: 40_000_000 }])
  expect(project.inRam().filter((path) => path.endsWith('.sqlite3'))).toEqual([])
})
