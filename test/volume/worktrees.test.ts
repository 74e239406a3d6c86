import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFolderOnDisk } from '../support/django/disk-folder.ts'
import { DEVSHM, isLink, liveOf, run, type Outcome } from '../support/playground.ts'
import { createShellProject, type ShellProject } from '../template/support/shell-project.ts'

const NAMES = 'select group_concat(name order by id) as names from item'

/** A project in git, in RAM at this moment, with data of its own; and an empty folder beside it. */
async function projectInGit(ignored: string) {
  await using resources = new AsyncDisposableStack()
  const project = resources.use(await createShellProject())
  const elsewhere = resources.use(createFolderOnDisk('devshm-worktree-')).path
  project.write('.gitignore', `.devshm/\n${ignored}\n`)
  await git(project, 'init', '--quiet')
  await project.devshm('reset')
  expect((await project.devshm('attach')).status).toBe(0)
  project.sql("insert into item (name) values ('mine')")
  await git(project, 'add', '--all')
  await git(project, '-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '-m', 'all')
  const moved = resources.move()
  return { project, elsewhere, [Symbol.asyncDispose]: () => moved.disposeAsync() }
}

async function git(project: ShellProject, ...args: string[]): Promise<void> {
  const { status, stderr } = await project.command('git', ...args)
  if (status !== 0) throw new Error(stderr)
}

const devshmIn = (project: ShellProject, folder: string, ...args: string[]): Promise<Outcome> =>
  run(DEVSHM[0], [...DEVSHM.slice(1), ...args], { cwd: folder, env: project.env })

test('a second worktree and a clone have live data of their own, and the templates of the first', async () => {
  await using all = await projectInGit('*.sqlite3*')
  const { project, elsewhere } = all
  const places = { worktree: join(elsewhere, 'worktree'), clone: join(elsewhere, 'clone') }
  await git(project, 'worktree', 'add', '--quiet', '-b', 'second', places.worktree)
  await git(project, 'clone', '--quiet', '.', places.clone)
  await Promise.all(
    Object.entries(places).map(async ([name, folder]) => {
      const origin = join(folder, 'db.sqlite3')
      expect(existsSync(origin)).toBe(false)
      expect((await devshmIn(project, folder, 'reset')).status).toBe(0)
      const write = `insert into item (name) values ('${name}'); select count(*) from item`
      const look = 'readlink db.sqlite3'
      const run = ['run', '--', 'sh', '-c', `${look}; sqlite3 db.sqlite3 "${write}"`]
      const { stdout, status } = await devshmIn(project, folder, ...run)
      expect(stdout).toMatch(/\/live\.sqlite3\n3\n$/)
      expect(stdout).not.toContain(liveOf(project.origin))
      expect(status).toBe(0)
    }),
  )
  // From the cache: no step has run a second time.
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
  expect(isLink(project.origin)).toBe(true)
  expect((await project.devshm('detach')).status).toBe(0)
  for (const [path, last] of [
    [project.folder, 'mine'],
    [places.worktree, 'worktree'],
    [places.clone, 'clone'],
  ] as const) {
    expect(project.sql(NAMES, join(path, 'db.sqlite3'))).toEqual([{ names: `one,two,${last}` }])
  }
})

test('a clone of a project that had committed its link gets its own data with the first command', async () => {
  await using both = await projectInGit('')
  const { project, elsewhere } = both
  const there = join(elsewhere, 'clone')
  await git(project, 'clone', '--quiet', '.', there)
  const origin = join(there, 'db.sqlite3')
  expect(liveOf(origin)).toBe(liveOf(project.origin))
  const write = ['sqlite3', 'db.sqlite3', "insert into item (name) values ('theirs')"]
  const { status, stderr } = await devshmIn(project, there, 'run', '--', ...write)
  expect(stderr).toContain('this project is a copy')
  expect(status).toBe(0)
  expect(isLink(origin)).toBe(false)
  expect(project.sql(NAMES)).toEqual([{ names: 'one,two,mine' }])
  expect(project.sql(NAMES, origin)).toEqual([{ names: 'one,two,mine,theirs' }])
})
