import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createShellProject } from '../template/support/shell-project.ts'

test('devshm clone prints the path of a copy that stays until it is removed', async () => {
  await using project = await createShellProject()
  const outcome = await project.devshm('clone')
  const path = outcome.stdout.trim()
  expect(project.sql('insert into item (name) values (3) returning id', path)).toEqual([{ id: 3 }])
  // Somebody else's start sweeps only what is nobody's.
  const second = (await project.devshm('clone')).stdout.trim()
  expect(existsSync(path)).toBe(true)
  expect(await project.devshm('clone', 'rm', path, second)).toMatchObject({ status: 0, stdout: '' })
  expect(project.inRam()).toEqual([])
  expect((await project.devshm('clone', 'rm', path)).stderr).toContain('is not a clone that devshm clone has made')
})
