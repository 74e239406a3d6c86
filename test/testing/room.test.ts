import { expect, test } from 'vitest'
import type { TestingEvent } from '../../src/testing/index.ts'
import { mayMount, mountVolume } from '../support/small-volume.ts'
import { createShellProject } from '../template/support/shell-project.ts'
import { clonesInRam, clonesOnDisk, openPool } from './support/test-databases.ts'

const ONE_MEGABYTE = `sqlite3 "$APP_DB" "create table big (x); insert into big values (zeroblob(1000000))"`

test('over the budget clones are on disk, which is said once', async () => {
  const events: TestingEvent[] = []
  await using project = await createShellProject()
  project.configure({ setup: [{ run: ONE_MEGABYTE, inputs: [] }] })
  await using pool = await openPool(project, { budget: 2_500_000, onEvent: (event) => events.push(event) })
  const clones = []
  for (let n = 0; n < 5; n += 1) clones.push(await pool.clone())
  expect(clones.map(({ isInRam }) => isInRam)).toEqual([true, true, false, false, false])
  expect(clones[4]?.connect().prepare('select length(x) as n from big').get()).toEqual({ n: 1_000_000 })
  const warnings = events.filter(({ type }) => type === 'clones-on-disk')
  expect(warnings).toMatchObject([{ reason: expect.stringContaining('all clones together may take 2.5 MB') as string }])
  expect([clonesInRam(project).length, clonesOnDisk(project).length]).toEqual([2, 3])
  // What is given back is room again.
  for (const clone of clones) await clone[Symbol.asyncDispose]()
  expect((await pool.clone()).isInRam).toBe(true)
  await pool[Symbol.asyncDispose]()
  expect([project.inRam(), clonesOnDisk(project)]).toEqual([[], []])
})

test.skipIf(!mayMount)('a small volume never lets a test run out of space (needs root)', async () => {
  using volume = mountVolume('size=9m')
  await using project = await createShellProject()
  project.configure({ setup: [{ run: ONE_MEGABYTE, inputs: [] }] })
  project.env['DEVSHM_VOLUME'] = volume.path
  await using pool = await openPool(project, { budget: 1e9 })
  const clones = await Promise.all(Array.from({ length: 12 }, () => pool.clone()))
  expect(new Set(clones.map(({ isInRam }) => isInRam))).toEqual(new Set([true, false]))
  for (const clone of clones) clone.connect().exec('insert into big values (zeroblob(200000))')
})

test.skipIf(!mayMount)('where the volume refuses after all, the clone is made on disk (needs root)', async () => {
  // Room for bytes, but not for another file.
  using volume = mountVolume('size=64m,nr_inodes=16')
  await using project = await createShellProject()
  project.env['DEVSHM_VOLUME'] = volume.path
  await using pool = await openPool(project)
  const clones = []
  for (let n = 0; n < 8; n += 1) clones.push(await pool.clone())
  expect(new Set(clones.map(({ isInRam }) => isInRam))).toEqual(new Set([true, false]))
  for (const { path } of clones) expect(project.sql('select count(*) as n from item', path)).toEqual([{ n: 2 }])
})

test('without any RAM clones are on disk, and the reason is said', async () => {
  const events: TestingEvent[] = []
  await using project = await createShellProject()
  project.env['DEVSHM_VOLUME'] = project.cache
  await using pool = await openPool(project, { onEvent: (event) => events.push(event) })
  await using one = await pool.clone()
  await using two = await pool.clone()
  expect([one, two].map(({ isInRam }) => isInRam)).toEqual([false, false])
  expect(events.filter(({ type }) => type === 'clones-on-disk')).toMatchObject([
    {
      reason: expect.stringContaining('is not in RAM') as string,
      hint: expect.stringContaining('volume create') as string,
    },
  ])
  expect(clonesOnDisk(project)).toHaveLength(2)
})
