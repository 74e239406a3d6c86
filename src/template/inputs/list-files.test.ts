import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listFiles } from './list-files.ts'
import { createProject } from './project.fixture.ts'

test('files are relative to the root and sorted by code unit, whatever is in their names', () => {
  const names = [
    'B/x',
    'a',
    'a b',
    'a-b',
    'a/b',
    'a.d/é',
    'line\nbreak',
    '.env',
    '__proto__',
    '𝄞',
    '\uffee',
    'back\\slash',
  ]
  using project = createProject(names.filter((name) => name !== 'a'))
  expect(listFiles(project.root)).toEqual(names.filter((name) => name !== 'a').toSorted())
})

test('what tools fill by themselves is left out, wherever it lies', () => {
  const versions = '.git/HEAD .hg/x .svn/x .jj/x .devshm/db/state worktree/.git'
  const packages = '.venv/x.py env/lib/python3/site-packages/x.py node_modules/a/index.js web/node_modules/b/index.js'
  const derived =
    'app/__pycache__/m.cpython-311.pyc app/m.pyc .mypy_cache/x .pytest_cache/x .ruff_cache/x .next/x .turbo/x'
  using project = createProject(`${versions} ${packages} ${derived} app/.tox/x.py .nox/x app/m.py`.split(' '))
  expect(listFiles(project.root)).toEqual(['app/m.py'])
})

test('what may hold inputs stays, though tools write there too', () => {
  const paths = [
    'build/seed.sql',
    'dist/migrations/1.js',
    'lib/app.py',
    'out/x',
    'pyvenv.cfg',
    'tmp/x',
    'vendor/engine/x.rb',
  ]
  using project = createProject(paths)
  expect(listFiles(project.root)).toEqual(paths)
})

test("the project's own databases are left out with their journals and logs, by any way to them", () => {
  const suffixes = ['', '-wal', '-shm', '-journal']
  using project = createProject(['sub/db.sqlite3', 'other/db.sqlite3', 'other/db.sqlite3-wal', 'db.sqlite3.sql'])
  for (const suffix of suffixes) project.write(`db.sqlite3${suffix}`)
  project.link('alias', 'sub')
  // Reading one would drop the locks that this process may hold on it.
  project.link('same', 'db.sqlite3')
  project.link('ram', '../ram/live.sqlite3-wal')
  project.link('attached.db', '../ram/live.sqlite3')
  for (const suffix of ['', '-wal']) project.write(`../ram/live.sqlite3${suffix}`)
  project.link('../elsewhere', 'project')
  const except = [
    join(project.root, '../elsewhere/db.sqlite3'),
    project.at('sub/db.sqlite3'),
    project.at('gone/x.db'),
    project.at('attached.db'),
  ]
  expect(listFiles(project.root, { except })).toEqual(['db.sqlite3.sql', 'other/db.sqlite3', 'other/db.sqlite3-wal'])
})

test('a link to a file is a file; one that leads nowhere, in a circle or to a device is none', () => {
  using project = createProject(['a/file', '../outside/file'])
  project.link('inside', 'a/file')
  project.link('outside', '../outside/file')
  project.link('dangling', 'nowhere')
  project.link('circle', 'circle')
  project.link('null', '/dev/null')
  execFileSync('mkfifo', [project.at('pipe')])
  expect(listFiles(project.root)).toEqual(['a/file', 'inside', 'outside'])
})

test('links to folders are followed, inside and out, also to one that is listed itself', () => {
  using project = createProject(['apps/shop/models.py', '../shared/blog/models.py'])
  project.link('blog', '../shared/blog')
  project.link('blog2', '../shared/blog')
  project.link('shop', 'apps/shop')
  expect(listFiles(project.root)).toEqual([
    'apps/shop/models.py',
    'blog/models.py',
    'blog2/models.py',
    'shop/models.py',
  ])
})

test('links never make an endless walk, nor one that doubles with every link', () => {
  using project = createProject(['a/file', 'c/file', '../far/file'])
  project.link('a/up', '..')
  project.link('a/self', '.')
  project.link('a/around', '../b')
  project.link('b/around', '../a')
  project.link('far', '../far')
  project.link('../far/back', '../project')
  project.link('../far/self', '.')
  project.link('../far/inside', '../project/c')
  for (let level = 0; level < 20; level += 1) {
    project.link(`../chain/${level}/left`, `../${level + 1}`)
    project.link(`../chain/${level}/right`, `../${level + 1}`)
  }
  project.write('../chain/20/end')
  project.link('chain', '../chain/0')
  const files = listFiles(project.root)
  expect(files.filter((path) => !path.startsWith('chain/'))).toEqual(['a/file', 'b/around/file', 'c/file', 'far/file'])
  expect(files.filter((path) => path.endsWith('/end'))).toEqual([`chain/${'left/'.repeat(20)}end`])
})

test('names that are not UTF-8 are listed and told apart, in folders of such names too', () => {
  using project = createProject(['caf\ufffd'])
  for (const byte of [0xe8, 0xe9]) {
    const folder = Buffer.concat([Buffer.from(project.at('caf')), Buffer.of(byte)])
    mkdirSync(folder)
    writeFileSync(Buffer.concat([folder, Buffer.from('/\u00e9-'), Buffer.of(0xff)]), '')
    symlinkSync('nowhere', Buffer.concat([folder, Buffer.from('/link-'), Buffer.of(0xff)]))
  }
  expect(listFiles(project.root)).toEqual(['caf\udce8/é-\udcff', 'caf\udce9/é-\udcff', 'caf\ufffd'])
})

test('patterns that go out of the project add what they name there, once, and never the project again', () => {
  using project = createProject(['a.py', '../shared/x/b.py', '../shared/c.py', '../one.py', '../two.py'])
  const globs = ['../shared/**/*.py', '../shared/x/*.py', '../one.py', '!../two.py', '../nothing/*', 'a.py']
  expect(listFiles(project.root, { globs })).toEqual(['../one.py', '../shared/c.py', '../shared/x/b.py', 'a.py'])
  const above = ['../one.py', '../shared/c.py', '../shared/x/b.py', '../two.py']
  expect(listFiles(project.root, { globs: ['../*.py'] })).toEqual([...above, 'a.py'])
})

test('a root that is not there is an error', () => {
  using project = createProject()
  expect(() => listFiles(project.at('nothing'))).toThrow(
    expect.objectContaining({ code: 'IO', message: expect.stringContaining(project.at('nothing')) }),
  )
})

test('a folder that nobody can enter is left out, one that can be entered but not listed is an error', () => {
  using project = createProject(['a', 'closed/b', 'dark/c'])
  chmodSync(join(project.root, '..'), 0o755)
  chmodSync(project.at('closed'), 0o700 - (isRoot ? 0 : 0o700))
  const script =
    `import { listFiles } from ${JSON.stringify(join(import.meta.dirname, 'list-files.ts'))}\n` +
    `try { console.log(listFiles(${JSON.stringify(project.root)}).join()) } catch (error) { console.log(error.code, error.message) }`
  const listed = (): string =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', ...NOBODY }).trim()
  expect(listed()).toBe('a,dark/c')
  chmodSync(project.at('dark'), 0o711 - (isRoot ? 0 : 0o600))
  expect(listed()).toContain(`IO cannot list ${project.at('dark')}`)
  chmodSync(project.at('dark'), 0o755)
  chmodSync(project.at('closed'), 0o755)
})

const isRoot = process.geteuid?.() === 0
/** Root may read everything. */
const NOBODY = isRoot ? { uid: 65_534, gid: 65_534 } : {}
