import { describe, expect, test } from 'vitest'
import { createPlayground } from '../../test/support/playground.ts'
import { canMount, findingsAfter } from './pretend.fixture.ts'

describe.runIf(canMount)('in a mount namespace with a volume of its own, as in a container', () => {
  test('a database that is in RAM outside is a problem, and it is to be detached there', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    expect((await playground.devshm('attach')).status).toBe(0)
    const { findings, status } = await findingsAfter(playground, `mount -t tmpfs tmpfs '${playground.volume}'`)
    expect(findings.find(({ check }) => check === 'state')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('on the host or in another container'),
      remedy: expect.stringContaining('there'),
    })
    expect(status).toBe(1)
    expect(await playground.status()).toMatchObject({ state: 'in-ram' })
  })
})
