import { expect, test } from 'vitest'
import { createProjectWithPool, openPool } from '../../test/testing/support/test-databases.ts'
import { leadApp } from './lead-app.ts'

test('an app is led by the configured variables and by those that are given; by none is an error', async () => {
  await using both = await createProjectWithPool()
  const { project } = both
  await using clone = await both.pool.clone()
  const { path } = clone
  const variables = { URL: 'file:{path}?x', NAMED: '{path:main}', OTHER: 'as it is' }
  expect(await leadApp(both.pool.handle, clone, { env: {}, variables })).toEqual({
    APP_DB: path,
    URL: `file:${path}?x`,
    NAMED: path,
    OTHER: 'as it is',
  })
  await expect(leadApp(both.pool.handle, clone, { env: {}, variables: { A: '{path:b}' } })).rejects.toThrow('"b"')

  project.configure({ env: undefined, setup: [{ run: 'sqlite3 db.sqlite3 "create table a (x)"', inputs: [] }] })
  await using pool = await openPool(project)
  await using unled = await pool.clone()
  await expect(leadApp(pool.handle, unled, { env: {}, variables: { OTHER: 'x' } })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    hint: expect.stringContaining('under "env"') as string,
  })
  expect(await leadApp(pool.handle, unled, { env: {}, variables: { DB: '{path}' } })).toEqual({ DB: unled.path })
})
