import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTestDatabases, type TestDatabases } from '../../../src/testing/index.ts'
import { makeDatabase } from '../place.ts'
import type { Contender } from '../rounds.ts'
import type { Dimension } from './dimension.ts'

const FILES = '`pool.clone()`'
const MEMORY = '`pool.clone({ memory: true })`'
const COPIES = '`copyFileSync`'

const MEGABYTES = 0.2

/** That many at once, each connected to, and then all released. */
export const clones: Dimension = {
  x: 'clones at once',
  sizes: [1, 10, 100, 1000],
  quickSizes: [1, 10],
  plots: [
    {
      file: 'growth-clones.svg',
      title: 'All clones of 200 KB, and their release, by clones',
      unit: 'ms',
      ways: [
        { label: FILES, contender: FILES, isOurs: true },
        { label: MEMORY, contender: MEMORY, isOurs: true },
        { label: COPIES, contender: COPIES },
      ],
    },
  ],
  contendersAt: async (size, place) => {
    const env = { ...place.env, DEVSHM_CACHE: join(place.cwd, 'cache') }
    await makeDatabase(place, join(place.cwd, 'seed'), MEGABYTES)
    const setup = [{ run: 'cp seed "$APP_DB"', inputs: ['seed'] }]
    const databases = { main: { path: 'db.sqlite3' } }
    writeFileSync(
      join(place.cwd, 'devshm.config.json'),
      JSON.stringify({ databases, env: { APP_DB: '{path}' }, setup }),
    )
    const pool = await createTestDatabases({ cwd: place.cwd, env })
    const template = pool.handle.databases[0]?.template ?? ''
    const copy = (number: number): string => join(place.ram, `copy-${number}.sqlite3`)
    return {
      contenders: [
        timed(FILES, () => cloneAndRelease(pool, size, {})),
        timed(MEMORY, () => cloneAndRelease(pool, size, { memory: true })),
        timed(COPIES, () => copyAndRemove(template, copy, size)),
      ],
      [Symbol.asyncDispose]: async () => await pool[Symbol.asyncDispose](),
    }
  },
}

function timed(name: string, action: () => Promise<void> | void): Contender {
  return {
    name,
    measure: async () => {
      const started = performance.now()
      await action()
      return { ms: performance.now() - started }
    },
  }
}

async function cloneAndRelease(pool: TestDatabases, count: number, options: { memory?: true }): Promise<void> {
  await using all = new AsyncDisposableStack()
  for (let number = 0; number < count; number += 1) {
    const clone = options.memory === true ? await pool.clone({ memory: true }) : await pool.clone()
    all.use(clone)
    clone.connect()
  }
}

function copyAndRemove(template: string, pathOf: (number: number) => string, count: number): void {
  const connections: DatabaseSync[] = []
  for (let number = 0; number < count; number += 1) {
    copyFileSync(template, pathOf(number))
    connections.push(new DatabaseSync(pathOf(number)))
  }
  for (const [number, connection] of connections.entries()) {
    connection.close()
    rmSync(pathOf(number))
  }
}
