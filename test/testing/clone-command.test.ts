import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openElsewhere } from '../support/other-program.ts'
import { createShellProject } from '../template/support/shell-project.ts'
import { createProjectWithPool, openPool } from './support/test-databases.ts'

test('devshm clone prints the path of a copy that stays until it is removed', async () => {
  await using project = await createShellProject()
  const path = (await project.devshm('clone')).stdout.trim()
  expect(project.sql('insert into item (name) values (3) returning id', path)).toEqual([{ id: 3 }])
  // Somebody else's start sweeps only what is nobody's.
  const second = JSON.parse((await project.devshm('clone', '--json')).stdout) as { path: string; variables: object }
  expect(second.variables).toEqual({ APP_DB: second.path })
  expect(existsSync(path)).toBe(true)
  expect(await project.devshm('clone', 'rm', path, second.path)).toMatchObject({ status: 0, stdout: '' })
  expect(project.inRam()).toEqual([])
  expect((await project.devshm('clone', 'rm', path)).stderr).toContain('is not a clone that devshm clone has made')
})

test('a clone for a process stays while that runs, and goes with the next clone that is made', async () => {
  await using project = await createShellProject()
  const script = project.start('sleep', '1000')
  const path = (await project.devshm('clone', '--for', String(script.pid))).stdout.trim()
  await (await openPool(project))[Symbol.asyncDispose]()
  expect(existsSync(path)).toBe(true)
  script.process.kill('SIGKILL')
  await script.exit
  await (await openPool(project))[Symbol.asyncDispose]()
  expect(project.inRam()).toEqual([])
  expect((await project.devshm('clone', '--for', String(script.pid))).stderr).toContain('there is no process')
})

test('a clone that somebody has open is not removed, and neither is one of a test run', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const path = (await project.devshm('clone')).stdout.trim()
  await using app = await openElsewhere(path)
  const refused = await project.devshm('clone', 'rm', path)
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(`(pid ${app.pid})`) as string })
  expect(existsSync(path)).toBe(true)
  await using clone = await pool.clone()
  expect(await project.devshm('clone', 'rm', clone.path)).toMatchObject({ status: 2 })
  expect(existsSync(clone.path)).toBe(true)
})
