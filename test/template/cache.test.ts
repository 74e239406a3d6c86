import { chmodSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheOf, ensureCache } from '../../src/template/cache.ts'
import { useLayer } from '../../src/template/in-use.ts'
import { DEVSHM, eventually } from '../support/playground.ts'
import { createShellProject, noted, type ShellProject } from './support/shell-project.ts'

interface Listed {
  readonly layers: readonly { readonly fingerprint: string; readonly run: string }[]
}

async function layersOf(project: ShellProject): Promise<Listed['layers']> {
  return (JSON.parse((await project.devshm('template', 'list', '--json')).stdout) as Listed).layers
}

test('explain says which file, variable and step made it miss', async () => {
  await using project = await createShellProject()
  expect((await project.devshm('template', 'explain')).stdout).toMatch(/miss: never built/)
  await project.devshm('template', 'build')
  expect((await project.devshm('template', 'explain')).stdout).toMatch(/1\. .*\n {3}hit: .*1 input\n2\. .*\n {3}hit: /)
  project.write('migrations/001.sql', 'create table item (id integer primary key, name text, x);')
  project.write('migrations/002.sql', '')
  const { stdout } = await project.devshm('template', 'explain')
  expect(stdout).toMatch(
    /1\. .*\n {3}miss: .*\n {5}added {4}migrations\/002\.sql\n {5}changed {2}migrations\/001\.sql\n/,
  )
  expect(stdout).toMatch(/2\. .*\n {3}miss: .*\n {5}the step below is another/)
  const { steps } = JSON.parse((await project.devshm('template', 'explain', '--json')).stdout) as { steps: unknown[] }
  expect(steps).toMatchObject([{ isCached: false, differs: { added: ['migrations/002.sql'] } }, { isCached: false }])
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
})

test('commands of a cloned project cannot drive the terminal while they are only shown', async () => {
  await using project = await createShellProject()
  project.configure({ setup: [{ run: `true \u001b[2K\u001b[1A`, inputs: ['\u001b]0;x\u0007*'] }] })
  const { stdout } = await project.devshm('template', 'explain')
  expect(stdout).toContain('1. true \\x1b[2K')
  expect(stdout).not.toContain('\u001b')
})

test('verify finds a template that is not what the set-up makes now, and lists what it leaves out', async () => {
  await using project = await createShellProject()
  project.configure({
    setup: [
      {
        run: `sqlite3 "$APP_DB" "create table t (at, what); insert into t values ('$(date +%N)', '$(cat unlisted.txt)')"`,
        inputs: [],
      },
    ],
  })
  project.write('unlisted.txt', 'old')
  await project.devshm('template', 'build')
  const equal = await project.devshm('template', 'verify')
  expect(equal).toMatchObject({ status: 0 })
  expect(equal.stdout).toBe('main: equal to a fresh build\n  left out, as they differ from build to build: t.at\n')
  project.write('unlisted.txt', 'new')
  const stale = await project.devshm('template', 'verify')
  expect(stale.status).toBe(1)
  expect(stale.stdout).toContain('rows of t: 1 only in the template, 1 only in a fresh build')
})

test('build --no-cache builds anew and replaces what is cached', async () => {
  await using project = await createShellProject()
  project.configure({
    setup: [{ run: noted('make', `sqlite3 "$APP_DB" "create table t_$(cat unlisted.txt) (x)"`), inputs: [] }],
  })
  project.write('unlisted.txt', '1')
  await project.devshm('reset')
  project.write('unlisted.txt', '2')
  await project.devshm('reset')
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 't_1' }])
  expect(await project.devshm('template', 'build', '--no-cache')).toMatchObject({ status: 0 })
  await project.devshm('reset')
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 't_2' }])
  expect(project.runs()).toEqual({ make: 2 })
})

test('a cached file that was written to or damaged is not used, but built again', async () => {
  await using project = await createShellProject()
  await project.devshm('reset')
  const [layer] = await layersOf(project)
  const folder = join(project.cache, 'layers', layer?.fingerprint ?? '')
  const file = join(folder, 'main.sqlite3')
  chmodSync(file, 0o600)
  project.sql(`insert into item (name) values ('tampered')`, file)
  await project.devshm('reset')
  expect(project.sql('select count(*) as n from item')).toEqual([{ n: 2 }])
  writeFileSync(join(folder, 'layer.json'), '{"format": 1')
  expect(await project.devshm('reset')).toMatchObject({ status: 0 })
  expect(project.runs()).toEqual({ migrate: 1, load: 3 })
})

test('prune removes by age and size what nobody uses', async () => {
  await using project = await createShellProject()
  await project.devshm('template', 'build')
  const [top, below] = await layersOf(project)
  const cache = cacheOf(project.env)
  const old = new Date(Date.now() - 31 * 86_400_000)
  for (const layer of [top, below]) utimesSync(join(cache.layers, layer?.fingerprint ?? ''), old, old)
  {
    using _use = await useLayer(cache, top?.fingerprint ?? '')
    expect((await project.devshm('template', 'prune')).stdout).toMatch(
      /^removed 1 templates \(8\.2 KB\); 8\.2 KB stay\n$/,
    )
    expect(readdirSync(cache.layers)).toEqual([top?.fingerprint])
  }
  await project.devshm('template', 'build')
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
  await project.devshm('template', 'prune', '--max-size', '0')
  expect(readdirSync(cache.layers)).toEqual([])
})

test('prune takes what killed commands did not come to finish, after a day', async () => {
  await using project = await createShellProject()
  await project.devshm('template', 'build')
  const { facts, unfinished } = cacheOf(project.env)
  const before = readdirSync(facts)
  const left = ['1234', '1235'].map((pid) => join(facts, `${before[0]}.${pid}.new`))
  for (const path of left) writeFileSync(path, '')
  const old = Date.now() / 1000 - 2 * 86_400
  utimesSync(left[0] ?? '', old, old)
  writeFileSync(join(unfinished, 'layer-abcdef'), '')
  utimesSync(join(unfinished, 'layer-abcdef'), old, old)
  await project.devshm('template', 'prune')
  expect(readdirSync(facts).toSorted()).toEqual([...before, `${before[0]}.1235.new`].toSorted())
  expect(readdirSync(unfinished)).toEqual([])
})

test('what a build stands on is not pruned before it is over, and counts as used', async () => {
  await using project = await createShellProject()
  await project.devshm('template', 'build')
  const cache = cacheOf(project.env)
  const below = (await layersOf(project)).find(({ run }) => run.includes('migrations'))
  const folder = join(cache.layers, below?.fingerprint ?? '')
  const old = new Date(Date.now() - 31 * 86_400_000)
  utimesSync(folder, old, old)
  const go = join(project.cache, 'go')
  const slow = `until [ -e '${go}' ]; do sleep 0.02; done; sqlite3 "$APP_DB" "insert into item (name) values ('new')"`
  const migrate = { run: below?.run, inputs: ['migrations/*.sql'] }
  project.configure({ setup: [migrate, { run: noted('slow', slow), inputs: [] }] })
  const building = project.start(...DEVSHM, 'template', 'build')
  await eventually('the step has begun', () => project.runs()['slow'] === 1)
  expect(statSync(folder).mtimeMs).toBeGreaterThan(old.getTime())
  await project.devshm('template', 'prune', '--all')
  expect(readdirSync(cache.layers)).toEqual([below?.fingerprint])
  writeFileSync(go, '')
  expect(await building.exit).toBe(0)
  expect(project.runs()).toEqual({ migrate: 1, load: 1, slow: 1 })
})

test('the cache is private, and refuses a folder that somebody else put there', async () => {
  await using project = await createShellProject()
  const cache = cacheOf(project.env)
  ensureCache(cache)
  await project.command('rm', '-r', cache.layers)
  await project.command('ln', '-s', '/tmp', cache.layers)
  const outcome = await project.devshm('template', 'build')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toMatch(/layers is a symbolic link, so devshm does not put data there/)
})
