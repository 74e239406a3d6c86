import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { listLayers } from '../../src/template/layer.ts'
import { cacheOf } from '../../src/template/cache.ts'
import { placesOf } from '../../src/session/places.ts'
import { listSnapshots } from '../../src/snapshot/list.ts'
import { createPlayground, isLink, type Playground } from '../support/playground.ts'
import { events, shelf, words, write } from '../snapshot/support/shelf.ts'
import { createShellProject } from '../template/support/shell-project.ts'

const SHIFT_CLOCK = pathToFileURL(join(import.meta.dirname, 'support/shift-clock.script.ts')).href
const YEAR_MS = 365 * 86_400_000

/** From now on the clock of every command is so far off; what is there was made by another clock. */
function shiftClock({ env }: Playground, ms: number): void {
  env['NODE_OPTIONS'] = `--import ${SHIFT_CLOCK}`
  env['DEVSHM_TEST_CLOCK_MS'] = String(ms)
}

/** All that devshm has kept is from then, as seen by a clock that has been right ever since. */
function dateSnapshots({ folder }: Playground, ms: number): void {
  const snapshots = join(folder, '.devshm/db.sqlite3/snapshots')
  const time = new Date(Date.now() + ms)
  for (const name of readdirSync(snapshots)) utimesSync(join(snapshots, name), time, time)
}

test('after the clock was set back, new snapshots are still the newest: they are listed first, and stay longest', async () => {
  await using playground = await createPlayground()
  const configuration = { databases: { default: { path: 'db.sqlite3' } }, keepSnapshots: 2 }
  writeFileSync(join(playground.folder, 'devshm.config.json'), JSON.stringify(configuration))
  write(playground, 'zero')
  await events(playground, 'snapshot', 'zero')
  for (const word of ['one', 'two']) {
    write(playground, word)
    await events(playground, 'restore', 'zero')
  }
  dateSnapshots(playground, YEAR_MS)
  for (const word of ['three', 'four']) {
    write(playground, word)
    await events(playground, 'restore', 'zero')
  }
  await events(playground, 'snapshot')
  expect(shelf(playground)).toEqual({
    zero: ['zero'],
    'snapshot-1': ['zero'],
    '@before-restore-3': ['three'],
    '@before-restore-4': ['four'],
  })
  const names = listSnapshots(placesOf(playground.origin)).map(({ name }) => name)
  expect(names).toEqual(['snapshot-1', '@before-restore-4', '@before-restore-3', 'zero'])
  await events(playground, 'undo')
  expect(words(playground.origin)).toEqual(['four'])
})

test.each([-YEAR_MS, YEAR_MS])(
  'a clock that jumps by %i ms changes nothing of what is saved and brought back',
  async (ms) => {
    await using playground = await createPlayground()
    write(playground, 'one')
    await playground.devshm('attach')
    write(playground, 'two')
    await playground.devshm('save')
    shiftClock(playground, ms)
    write(playground, 'three')
    expect(await events(playground, 'save')).toMatchObject([{ type: 'saved' }])
    expect(await events(playground, 'save')).toMatchObject([{ type: 'unchanged' }])
    await events(playground, 'snapshot', 'mine')
    write(playground, 'four')
    await events(playground, 'restore', 'mine')
    expect(words(playground.origin)).toEqual(['three'])
    await events(playground, 'undo')
    expect(words(playground.origin)).toEqual(['four'])
    expect(await playground.devshm('detach')).toMatchObject({ status: 0 })
    expect(isLink(playground.origin)).toBe(false)
    expect(words(playground.origin)).toEqual(['four'])
  },
)

test('templates that seem to be used in times to come do not push out those that are used now', async () => {
  await using project = await createShellProject()
  await project.devshm('template', 'build')
  const cache = cacheOf(project.env)
  const early = listLayers(cache)
  const time = new Date(Date.now() + YEAR_MS)
  for (const { fingerprint } of early) utimesSync(join(cache.layers, fingerprint), time, time)
  project.write('migrations/001.sql', 'create table item (id integer primary key, name text, other text)')
  await project.devshm('template', 'build')
  const late = listLayers(cache).filter(({ fingerprint }) => early.every((each) => each.fingerprint !== fingerprint))
  const megabytes = late.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6
  expect((await project.devshm('template', 'prune', '--max-size', String(megabytes))).status).toBe(0)
  expect(readdirSync(cache.layers).toSorted()).toEqual(late.map(({ fingerprint }) => fingerprint).toSorted())
})
