import { expect, test } from 'vitest'
import { createPlayground } from '../../test/support/playground.ts'
import { diagnose } from './diagnose.ts'
import { surroundingsOf } from './pretend.fixture.ts'

test('a check that fails is a finding that says so, and the others go on; the worst come first', async () => {
  await using playground = await createPlayground()
  const findings = await diagnose(await surroundingsOf(playground), {
    fine: async () => [{ level: 'ok', subject: 'one', message: 'is fine' }],
    broken: async () => {
      throw new Error('no such luck')
    },
    bad: async () => [{ level: 'problem', subject: 'two', message: 'is bad' }],
  })
  expect(findings).toEqual([
    { check: 'bad', level: 'problem', subject: 'two', message: 'is bad' },
    { check: 'broken', level: 'warning', subject: 'broken', message: 'this could not be checked: no such luck' },
    { check: 'fine', level: 'ok', subject: 'one', message: 'is fine' },
  ])
})
