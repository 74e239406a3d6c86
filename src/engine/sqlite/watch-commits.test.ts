import { expect, test } from 'vitest'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { createDatabase, createPlace, itemsScript } from './databases.fixture.ts'
import { sqliteEngine } from './index.ts'

test('somebody who is just committing counts as having committed: nothing can be read of it then', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(5))
  await using app = await openElsewhere(path)
  using before = sqliteEngine.watchCommits(path)
  await app.script(`begin exclusive; insert into items (body) values ('soon')`)
  expect(before.sawCommit()).toBe(true)
  using meanwhile = sqliteEngine.watchCommits(path)
  await app.sql('rollback')
  expect(before.sawCommit()).toBe(false)
  expect(meanwhile.sawCommit()).toBe(true)
})
