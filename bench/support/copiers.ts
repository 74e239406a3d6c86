import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import createBranchlyDatasource from '@branchly/datasource-sqlite'
import { contextOf } from '../../src/session/contexts.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { save } from '../../src/session/save.ts'
import { takeSnapshot } from '../../src/snapshot/take.ts'
import type { Place } from './place.ts'
import { run } from './programs.ts'

/** A way to copy a database that somebody writes to. */
export interface Copier {
  readonly name: string
  readonly needs?: readonly string[]
  /** The database is where devshm put it. */
  readonly isOurs?: boolean
  /** @throws {Error} it says that it could not */
  copy(from: string, to: string): Promise<void> | void
}

/** What a backup that begins anew at each commit may take. */
const PATIENCE_MS = 2000
const PAGES_A_STEP = 20

/** Every way that people copy a SQLite database, into `place.ram`. */
export function copiers(place: Place): Copier[] {
  const datasource = createBranchlyDatasource({ cwd: place.ram, dir: '.' })
  return [
    { name: '`cp`', copy: async (from, to) => void (await run(['cp', from, to], place)) },
    { name: '`fs.copyFileSync`', copy: (from, to) => copyFileSync(from, to) },
    {
      name: '`cp`, the log or journal after it',
      copy: async (from, to) => {
        await run(['sh', '-c', COPY_ALL, 'sh', from, to], place)
      },
    },
    {
      name: "branchly's `clone()`",
      copy: async (from, to) => await datasource.clone(keyOf(place, from), keyOf(place, to)),
    },
    { name: `\`backup()\`, ${PAGES_A_STEP} pages a step`, copy: (from, to) => backupInSteps(from, to) },
    {
      name: '`VACUUM INTO`',
      copy: (from, to) => {
        using source = new DatabaseSync(from, { timeout: 5000 })
        source.exec(`vacuum into '${to}'`)
      },
    },
    {
      name: '`sqlite3 .backup`',
      needs: ['sqlite3'],
      copy: async (from, to) => {
        await run(['sqlite3', '-cmd', '.timeout 5000', from, `.backup '${to}'`], place)
      },
    },
    { name: '`devshm save`', isOurs: true, copy: saveOnce },
    { name: '`devshm snapshot`', isOurs: true, copy: snapshotOnce },
  ]
}

const COPY_ALL =
  'cp "$1" "$2"; for each in wal journal; do if [ -e "$1-$each" ]; then cp "$1-$each" "$2-$each"; fi; done'

/** Branchly names files by keys in one folder. */
function keyOf({ ram }: Place, path: string): string {
  const key = path.slice(ram.length + 1).replace(/\.sqlite$/, '')
  if (join(ram, `${key}.sqlite`) !== path) throw new Error(`branchly has no key for ${path}`)
  return key
}

async function backupInSteps(from: string, to: string): Promise<void> {
  using source = new DatabaseSync(from, { timeout: 5000 })
  const deadline = performance.now() + PATIENCE_MS
  const progress = (): void => {
    if (performance.now() > deadline) throw new Error(`it did not end within ${PATIENCE_MS} ms`)
  }
  await backup(source, to, { rate: PAGES_A_STEP, progress })
}

/** As the commands do it, in this process. */
async function saveOnce(origin: string, to: string): Promise<void> {
  const context = contextOf(origin, { configured: undefined, env: process.env }, () => undefined)
  await locked(context, async () => {
    const attachment = await recover(context)
    if (attachment === undefined) throw new Error('the database is not in RAM')
    await save(context, attachment)
  })
  copyFileSync(context.places.lastSave, to)
}

async function snapshotOnce(origin: string, to: string): Promise<void> {
  const context = contextOf(origin, { configured: undefined, env: process.env }, () => undefined)
  const { path } = await locked(context, async () => {
    return await takeSnapshot(context, await recover(context), { name: 'copy', force: true })
  })
  if (!existsSync(path)) throw new Error(`there is no ${path}`)
  copyFileSync(path, to)
}
