import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ownIdentity } from '../../src/process/identity.ts'
import { startDoomed } from '../support/doomed.ts'
import { isLink, liveOf, type Playground } from '../support/playground.ts'
import { chooseSeed, seededRandom } from '../support/seeded-random.ts'
import { runCrowd } from './support/crowd.ts'
import { createLoadedProject, idsIn } from './support/project.ts'

/** `npm run test:load`: 50 for 60 seconds. */
const PLACES = Number(process.env['DEVSHM_PROCESSES'] ?? 6)
const SECONDS = Number(process.env['DEVSHM_SECONDS'] ?? 3)

test.each(['delete', 'wal'])(
  'many commands at once on one database, under apps: each does its job or says why not, and nothing is lost (%s)',
  { timeout: 300_000 + SECONDS * 5000 },
  async (journalMode) => {
    const seed = chooseSeed()
    await using project = await createLoadedProject(journalMode)
    // An app that is there before cannot be led to RAM.
    expect((await project.devshm('attach')).status).toBe(0)
    expect((await project.devshm('template', 'build')).status).toBe(0)
    const apps = (['reopen', 'reopen'] as const).map((habit) => startDoomed(project, project.app(habit)))
    onTestFinished(() => apps.forEach((app) => app.end()))
    const forging = setInterval(() => forgeLeases(project), 1000)
    const { outcomes, failures } = await runCrowd(project, seededRandom(seed), { places: PLACES, seconds: SECONDS })
    clearInterval(forging)
    for (const app of apps) app.end()
    await Promise.all(apps.map(({ exit }) => exit))
    const { ids, wrong, counts } = project.told()
    if (SECONDS > 30) console.log(JSON.stringify({ journalMode, seed, outcomes, apps: counts }, undefined, 1))
    expect({ seed, failures, wrong }).toEqual({ seed, failures: [], wrong: [] })

    const end = await project.devshm('detach')
    expect(end).toMatchObject({ status: 0 })
    expect(lstatSync(project.origin).isFile()).toBe(true)
    expect(project.inRam().filter((path) => /(sqlite3|leases)/.test(path) && !path.includes('clones'))).toEqual([])
    const store = join(project.folder, '.devshm/db.sqlite3')
    expect(readdirSync(join(store, 'unfinished'))).toEqual([])
    expect(JSON.parse(readFileSync(join(store, 'history.json'), 'utf8'))).not.toHaveProperty('pending')
    const kept = readdirSync(join(store, 'snapshots')).map((name) => join(store, 'snapshots', name))
    const found = new Set([project.origin, ...kept].flatMap(idsIn))
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.filter((id) => !found.has(id))).toEqual([])
  },
)

/** Of a pid that another process has by now, and of one before a restart: both are nobody's. */
function forgeLeases({ origin }: Playground): void {
  try {
    if (!isLink(origin)) return
    const folder = join(dirname(liveOf(origin)), 'leases')
    const own = ownIdentity()
    for (const [startedAt, bootId] of [
      ['1', own.bootId],
      [own.startedAt, 'another boot'],
    ] as const) {
      if (!existsSync(folder)) mkdirSync(folder, 0o700)
      const lease = { pid: own.pid, startedAt, bootId, kind: 'run', command: 'forged', since: new Date().toISOString() }
      writeFileSync(join(folder, `${own.pid}-${startedAt}.json`), JSON.stringify(lease), { mode: 0o600 })
    }
  } catch {
    // It has just been moved.
  }
}
