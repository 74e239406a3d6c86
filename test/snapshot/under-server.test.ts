import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { filledShop, soundness, type Shop } from '../django/support/shop.ts'
import type { DjangoServer } from '../support/django/server.ts'
import { createFolderOnDisk } from '../support/django/disk-folder.ts'
import { runSql } from '../support/playground.ts'
import { contextOf } from '../session/support/in-process.ts'
import { resetIn, restoreIn } from './support/in-process.ts'
import { startReadersAndWriters } from './support/sqlite-users.ts'

/** Restores and resets in each journal mode. */
const ROUNDS = Number(process.env['DEVSHM_ROUNDS'] ?? 40) / 2
/** For a hang, on a machine that is busy with other things. */
const LIMIT_MS = 120_000 + ROUNDS * 10_000

const STATES = ['before', 'after'] as const

test.each(['delete', 'wal'])(
  'restored and reset again and again under a server: every page is of one state, and no commit is lost (%s)',
  { timeout: LIMIT_MS },
  async (mode) => {
    const shop = await filledShop()
    using cache = createFolderOnDisk('devshm-test-cache-')
    shop.env['DEVSHM_CACHE'] = cache.path
    const configuration = {
      databases: { default: { path: 'db.sqlite3' } },
      keepSnapshots: 10_000,
      // What it is reset to is the second of the two states.
      env: { SHOP: '{path}' },
      setup: [{ run: 'cp .devshm/db.sqlite3/snapshots/after.sqlite3 "$SHOP"', inputs: [] }],
    }
    writeFileSync(join(shop.folder, 'devshm.config.json'), JSON.stringify(configuration))
    runSql(shop.database, `pragma journal_mode = ${mode}; create table noted (number integer primary key)`)
    for (const state of STATES) {
      runSql(shop.database, `update catalog_product set name = '${state} ' || sku, description = '${state}'`)
      expect((await shop.devshm('snapshot', state)).status).toBe(0)
    }
    expect(soundness(shop.database)).toMatchObject({ integrity_check: 'ok' })
    const template = await templateOf(shop, cache.path)
    const server = await shop.serveInRam()
    const visits = keepVisiting(server)
    const users = await startReadersAndWriters(shop.database)
    const context = contextOf({ origin: shop.database, volume: shop.volume })
    for (let round = 0; round < ROUNDS; round += 1) {
      const state = STATES[round % 2] ?? 'before'
      const isReset = round % 4 === 3
      // In a process of its own now and then: that takes longer than the restore itself.
      if (round % 5 === 0) {
        expect(await shop.devshm(...(isReset ? ['reset'] : ['restore', state]))).toMatchObject({ status: 0 })
      } else {
        const done = isReset ? resetIn(context, template) : restoreIn(context, state)
        expect(await done).toMatchObject({ changed: true })
      }
    }
    await visits.stop()
    const { noted, wrong } = await users.stop()
    expect(visits.wrong).toEqual([])
    expect(wrong).toEqual([])
    expect(visits.seen).toEqual(new Set(STATES))
    await expectAllKept(shop, noted)
    await server.stop()
    expect(soundness(shop.database)).toMatchObject({ integrity_check: 'ok' })
  },
)

async function templateOf(shop: Shop, cache: string): Promise<string> {
  const { stdout } = await shop.devshm('template', 'build', '--json')
  const { fingerprint } = JSON.parse(stdout) as { fingerprint: string }
  return join(cache, 'layers', fingerprint, 'default.sqlite3')
}

/** Ask for pages as fast as they come. Every page names the state it was made from in each of its rows. */
function keepVisiting(server: DjangoServer): { seen: Set<string>; wrong: string[]; stop(): Promise<void> } {
  const seen = new Set<string>()
  const wrong: string[] = []
  let isOver = false
  onTestFinished(() => {
    isOver = true
  })
  const visit = async (path: string): Promise<void> => {
    const { status, text } = await server.get(path)
    const states = new Set([...text.matchAll(/\b(before|after) [A-Z]{3}-\d{4}/g)].map(([, state]) => String(state)))
    if (status === 200 && states.size === 1) seen.add([...states].join())
    else if (status !== 500 || !text.includes('database is locked'))
      wrong.push(`${status} ${[...states].join(' and ')}`)
  }
  const people = ['/', '/api/products/'].map(async (path) => {
    for (; !isOver; await sleep(5)) await visit(path)
  })
  return {
    seen,
    wrong,
    stop: async () => {
      // After the last restore, too.
      await sleep(50)
      isOver = true
      await Promise.all(people)
    },
  }
}

/** Every number that was committed is in the final state or in one of the snapshots taken before it was overwritten. */
async function expectAllKept(shop: Shop, noted: readonly number[]): Promise<void> {
  const { stdout } = await shop.devshm('snapshots', '--json')
  const { databases } = JSON.parse(stdout) as { databases: { snapshots: { path: string }[] }[] }
  const paths = (databases[0]?.snapshots ?? []).map(({ path }) => path)
  expect(paths.length).toBeGreaterThan(ROUNDS / 2)
  const kept = new Set(
    [...paths, shop.database].flatMap((path) => {
      const isThere = runSql(path, `select name from sqlite_schema where name = 'noted'`).length > 0
      return isThere ? runSql(path, 'select number from noted').map(({ number }) => Number(number)) : []
    }),
  )
  expect(noted.length).toBeGreaterThan(ROUNDS)
  expect(noted.filter((number) => !kept.has(number))).toEqual([])
}
