import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, DEVSHM, isLink, liveOf } from '../support/playground.ts'
import { canMount } from './support/mounts.ts'

/** Runs devshm where another tmpfs is mounted over the volume, as in a container that shares the project's folder. */
const IN_A_CONTAINER = `mount -t tmpfs none "$DEVSHM_VOLUME" && exec "$@"`

test.runIf(canMount()).each(['run', 'attach', 'save', 'detach'])(
  'from a container, %s refuses a database that a session has in RAM on the host, and touches nothing',
  async (name) => {
    await using playground = await createPlayground()
    playground.sql('create table item (id); insert into item values (1)')
    await playground.devshm('attach')
    playground.sql('insert into item values (2)')
    const live = liveOf(playground.origin)
    const store = join(playground.folder, '.devshm/db.sqlite3')
    const before = readdirSync(store, { recursive: true, encoding: 'utf8' }).toSorted()

    const args = [name, '--db', 'db.sqlite3', ...(name === 'run' ? ['--', 'true'] : [])]
    const inside = ['unshare', '-m', 'sh', '-c', IN_A_CONTAINER, 'sh', ...DEVSHM] as const
    const { status, stderr } = await playground.command(...inside, ...args)
    expect(stderr).toContain('db.sqlite3 is in RAM on the host or in another container')
    expect(stderr).toMatch(/^devshm: [^\n]+\n {2}run devshm there.*\n$/)
    expect(status).toBe(1)
    expect(liveOf(playground.origin)).toBe(live)
    expect(readdirSync(store, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(before)

    expect((await playground.devshm('detach')).status).toBe(0)
    expect(isLink(playground.origin)).toBe(false)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
  },
)
