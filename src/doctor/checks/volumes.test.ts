import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { canMount, findingsAfter, surroundingsOf } from '../pretend.fixture.ts'
import { checkVolumes } from './volumes.ts'

test('every place is shown with what it is, and the one that would be used is marked', async () => {
  await using playground = await createPlayground()
  const env = { ...playground.env, DEVSHM_VOLUME: '', XDG_RUNTIME_DIR: playground.folder }
  const table = await checkVolumes(await surroundingsOf({ ...playground, env }))
  expect(table.find(({ subject }) => subject === '/dev/shm')?.message).toMatch(/^tmpfs, .+ of .+ free, would be used$/)
  expect(table.find(({ subject }) => subject === playground.folder)).toMatchObject({
    level: 'ok',
    message: expect.stringMatching(/^is not in RAM \(\w+\)$/),
  })
})

test('a folder that the user named and that is not in RAM is a problem, with the remedy', async () => {
  await using playground = await createPlayground()
  const env = { ...playground.env, DEVSHM_VOLUME: playground.folder }
  expect(await checkVolumes(await surroundingsOf({ ...playground, env }))).toMatchObject([
    { level: 'problem', subject: playground.folder, remedy: expect.stringContaining('DEVSHM_VOLUME') },
  ])
})

test('a link that somebody planted in place of the own folder is a problem', async () => {
  await using playground = await createPlayground()
  const planted = join(playground.volume, `devshm-${process.geteuid?.()}`)
  mkdirSync(join(playground.folder, 'theirs'))
  symlinkSync(join(playground.folder, 'theirs'), planted)
  const observations = await checkVolumes(await surroundingsOf(playground))
  expect(observations).toContainEqual(expect.objectContaining({ level: 'problem', subject: planted }))
})

describe.runIf(canMount)('in a mount namespace', () => {
  test('without any RAM-backed folder that is a problem with the mount line, and the status is 1', async () => {
    await using playground = await createPlayground()
    const preparation = `mount --bind '${playground.folder}' "$(realpath /dev/shm)"; unset XDG_RUNTIME_DIR`
    const { findings, status } = await findingsAfter(playground, preparation, '')
    expect(findings[0]).toMatchObject({ check: 'volumes', level: 'problem', subject: 'RAM' })
    expect(findings[0]?.remedy).toContain('mount -t tmpfs')
    expect(status).toBe(1)
  })
})
