import { lstatSync, readdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, liveOf, type Playground } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf, saveIn } from './support/in-process.ts'
import { canMount, mountRam } from './support/mounts.ts'

async function withDatabase(mode = 'delete'): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql(`pragma journal_mode = ${mode}; create table item (id); insert into item values (1)`)
  return playground
}

/** Every file of the project and in RAM, with what could change of it. */
function listing({ folder, volume }: Playground): string[] {
  return [folder, volume].flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: 'utf8' })
      .map((path) => ({ path, stats: lstatSync(join(place, path)) }))
      .filter(({ stats }) => !stats.isDirectory())
      .map(({ path, stats }) => [path, stats.ino, stats.size, stats.mode, stats.mtimeMs].join(' '))
      .toSorted(),
  )
}

describe('status', () => {
  test.each(['delete', 'wal'])('says by content whether it changed since the last save (%s)', async (mode) => {
    await using playground = await withDatabase(mode)
    await attachIn(contextOf(playground))
    const changed = async (): Promise<unknown> => (await playground.status())['changedSinceSave']
    expect(await changed()).toBe('no')
    playground.sql('insert into item values (2)')
    expect(await changed()).toBe('yes')
    const { facts } = await saveIn(contextOf(playground))
    expect(await playground.status()).toMatchObject({
      changedSinceSave: 'no',
      lastSave: { savedAt: facts.savedAt, bytes: facts.bytes },
    })
    // Written to, but nothing of it stayed.
    playground.sql('begin; insert into item values (3); rollback')
    expect(await changed()).toBe('no')
  })

  test('says where it is, who holds it, who has it open, and how much RAM is left', async () => {
    await using playground = await withDatabase()
    expect(await playground.status()).toMatchObject({ state: 'on-disk', openBy: [], heldBy: [] })
    await playground.devshm('attach')
    await using app = await connectElsewhere(playground.origin)
    expect(await playground.status()).toMatchObject({
      state: 'in-ram',
      live: liveOf(playground.origin),
      bytes: lstatSync(liveOf(playground.origin)).size,
      openBy: [{ pid: app.pid }],
      heldBy: [{ kind: 'holder' }],
      ram: { path: playground.volume, freeBytes: expect.any(Number) as number },
    })
    const { stdout } = await playground.devshm('status')
    expect(stdout).toMatch(/^db\.sqlite3: in RAM \(/)
    expect(stdout).toMatch(/saved +\d\d:\d\d:\d\d, verified, unchanged since/)
    expect(stdout).toMatch(/held by +devshm attach \(pid \d+\)/)
    expect(stdout).toContain(`(pid ${app.pid})`)
    expect(stdout).toMatch(/RAM left +\d.* of .* in /)
    await app.close()
    await playground.devshm('detach')
  })

  test('--all tells of every database in RAM, wherever it is called', async () => {
    await using playground = await withDatabase()
    await attachIn(contextOf(playground))
    const { status, stdout } = await playground.devshm('status', '--all', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ databases: [{ origin: playground.origin, state: 'in-ram' }] })
  })
})

describe('status repairs nothing', () => {
  const SITUATIONS: Record<string, { make: (playground: Playground) => Promise<unknown>; state: string }> = {
    'RAM that is gone': {
      make: ({ volume }) => rm(join(volume, `devshm-${process.getuid?.()}`), { recursive: true }),
      state: 'stale',
    },
    'a removed path': { make: ({ origin }) => rm(origin), state: 'absent' },
    'a removed .devshm': { make: ({ folder }) => rm(join(folder, '.devshm'), { recursive: true }), state: 'in-ram' },
    'what a killed command left': {
      make: async ({ folder }) => writeFileSync(join(folder, '.devshm/db.sqlite3/unfinished/half-written'), 'x'),
      state: 'in-ram',
    },
    'a log that a killed app left': {
      make: async (playground) => {
        playground.sql('pragma journal_mode = wal')
        await using app = await connectElsewhere(playground.origin)
        await app.query('insert into item values (2)')
        await app.kill()
        expect(lstatSync(`${liveOf(playground.origin)}-wal`).size).toBeGreaterThan(0)
      },
      state: 'in-ram',
    },
    'a journal that a killed app left': {
      make: async ({ origin }) => {
        await using app = await connectElsewhere(origin)
        const rows =
          'with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000) select randomblob(99) from n'
        await app.query(`pragma cache_size = 2; begin; insert into item ${rows}`)
        await app.kill()
        expect(lstatSync(`${liveOf(origin)}-journal`).size).toBeGreaterThan(0)
      },
      state: 'in-ram',
    },
  }
  test.each(Object.entries(SITUATIONS))('%s is only told', async (_name, { make, state }) => {
    await using playground = await withDatabase()
    await attachIn(contextOf(playground))
    await make(playground)
    const before = listing(playground)
    const { status, stdout } = await playground.devshm('status', '--json', '--db', 'db.sqlite3')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ databases: [{ state }] })
    expect(listing(playground)).toEqual(before)
  })
})

test.runIf(canMount())(
  'status takes no RAM that the app needs: where there is little, it says that it cannot tell',
  async () => {
    await using playground = await withDatabase()
    using volume = mountRam(12_000_000)
    playground.env['DEVSHM_VOLUME'] = volume.path
    await playground.devshm('attach', '--save-every', 'off')
    // A copy would still fit, and would leave hardly any room.
    playground.sql('insert into item values (zeroblob(5000000))')
    expect(await playground.status()).toMatchObject({ state: 'in-ram', changedSinceSave: 'unknown' })
    expect((await playground.devshm('detach')).status).toBe(0)
  },
)
