import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVSHM, type Outcome } from '../support/playground.ts'
import { createShellProject, type ShellProject } from '../template/support/shell-project.ts'
import { createProjectWithPool, openPool } from './support/test-databases.ts'

/** Paste a command line into a shell that finds devshm. */
async function paste(project: ShellProject, command: string): Promise<Outcome> {
  const bin = join(project.cache, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'devshm'), `#!/bin/sh\nexec ${DEVSHM.join(' ')} "$@"\n`)
  chmodSync(join(bin, 'devshm'), 0o755)
  return await project.command('env', `PATH=${bin}:${project.env['PATH'] ?? ''}`, 'sh', '-c', command)
}

test('a kept clone says what differs from its template, also under an app and after the template was pruned', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const clone = await pool.clone({ name: 'orders are sent' })
  const connection = clone.connect()
  connection.exec(`pragma journal_mode = wal; insert into item (name) values ('mine')`)
  expect(await clone.keepIfChanged()).toMatchObject({ path: expect.any(String) as string })
  const kept = await clone.keep()
  await pool[Symbol.asyncDispose]()
  await project.devshm('template', 'prune', '--all')
  const { status, stdout } = await paste(project, kept.command)
  expect(stdout).toMatch(/\+ item 3: name 'mine'\n/)
  expect(status).toBe(0)
  expect(kept.path.startsWith(project.cache)).toBe(true)
  expect(project.inRam()).toEqual([])
})

test('a clone in memory is kept likewise; one that is as the template was only if that is asked for', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  await using clone = await pool.clone({ memory: true })
  expect(await clone.keepIfChanged()).toBeUndefined()
  clone.connect().exec(`update item set name = 'changed' where id = 1`)
  const kept = await clone.keep()
  expect((await paste(project, kept.command)).stdout).toContain(`item 1: name 'one' → 'changed'`)
})

test('of a project with several databases each is compared, and the newest ten of a project stay', async () => {
  await using project = await createShellProject()
  project.configure({
    databases: { main: { path: 'db.sqlite3' }, log: { path: 'log.sqlite3' } },
    env: { APP_DB: '{path}', LOG_DB: '{path:log}' },
    setup: [{ run: 'sqlite3 "$APP_DB" "create table a (x)"; sqlite3 "$LOG_DB" "create table b (x)"', inputs: [] }],
  })
  await using pool = await openPool(project)
  await using clone = await pool.clone()
  clone.connect({ database: 'log' }).exec('insert into b values (1)')
  const { databases, path } = await clone.keep()
  expect((await paste(project, databases['main']?.command ?? '')).stdout).toContain('no difference')
  const shown = await paste(project, databases['log']?.command ?? '')
  expect(shown.stdout).toContain("+ b 1: x '1'".replaceAll("'", '').slice(0, 5))
  // One comparison, however many databases the project has.
  expect(shown.stdout.match(/→/g)).toHaveLength(1)
  for (let n = 0; n < 12; n += 1) await clone.keep()
  expect(readdirSync(dirname(dirname(path)))).toHaveLength(10)
})
