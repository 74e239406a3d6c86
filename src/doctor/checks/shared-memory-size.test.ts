import { describe, expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { canMount, findingsAfter } from '../pretend.fixture.ts'

describe.runIf(canMount)('in a mount namespace', () => {
  test('a /dev/shm of 64 MB is a warning, with the remedy', async () => {
    await using playground = await createPlayground()
    const { findings, status } = await findingsAfter(playground, 'mount -t tmpfs -o size=64m tmpfs /dev/shm', '')
    const finding = findings.find(({ check }) => check === 'shared-memory-size')
    expect(finding).toMatchObject({ level: 'warning', subject: '/dev/shm', remedy: expect.stringMatching(/size=1g/) })
    expect(finding?.message).toContain('67.1 MB')
    expect(status).toBe(0)
  })

  test('a larger one is not worth a word', async () => {
    await using playground = await createPlayground()
    const { findings } = await findingsAfter(playground, 'mount -t tmpfs -o size=65m tmpfs /dev/shm', '')
    expect(findings.filter(({ check }) => check === 'shared-memory-size')).toEqual([])
  })
})
