import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { sqliteEngine } from '../engine/sqlite/index.ts'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'
import { quoted } from '../fs/quoted.ts'
import { shortHash } from '../fs/short-hash.ts'
import { explainingFailures } from '../session/explain-failure.ts'
import { databaseIn } from '../template/layer.ts'
import type { TestDatabasesHandle } from './handle.ts'

/** How many kept clones of a project stay. */
const KEPT = 10

const BEGUN = 'keeping-'

/** The folder of the templates beside what is kept. */
const TEMPLATE = 'template'

/** A database that was kept for a developer to look at, on disk. */
export interface KeptDatabase {
  readonly path: string
  /** The command that says what differs from the template. */
  readonly command: string
}

/** A clone that was kept; `path` and `command` are of its first database. */
export interface Kept extends KeptDatabase {
  readonly databases: Readonly<Record<string, KeptDatabase>>
}

export interface WhatToKeep {
  readonly handle: TestDatabasesHandle
  readonly name: string
  /** Whose `path` and `command` come first. */
  readonly first: string
  /** Write a database to a new file. */
  readonly copyTo: (database: string, to: string) => Promise<void>
}

/**
 * Keep a clone's databases in the cache's folder, beside their templates, which are links there and so cannot be pruned
 * away before somebody has looked. The newest 10 of a project stay.
 */
export async function keep(what: WhatToKeep): Promise<Kept> {
  const { kept } = await keepUnless(what, async () => false)
  return kept
}

/** The same, unless all databases are as the template still. */
export async function keepIfChanged(what: WhatToKeep): Promise<Kept | undefined> {
  const isUnchanged = (path: string, template: string): Promise<boolean> =>
    sqliteEngine.haveSameContent(path, template, { ignoreJournalMode: true })
  const { kept, isThere } = await keepUnless(what, isUnchanged)
  return isThere ? kept : undefined
}

async function keepUnless(
  { handle, name, first, copyTo }: WhatToKeep,
  isSuperfluous: (path: string, template: string) => Promise<boolean>,
): Promise<{ kept: Kept; isThere: boolean }> {
  const parent = join(handle.cache, 'kept', shortHash(handle.root))
  for (const folder of [join(handle.cache, 'kept'), parent]) ensurePrivateDirectory(folder)
  const time = new Date().toISOString().replaceAll(/\D/g, '')
  // What is not complete goes with the pool's folder, also if this process is killed.
  const begun = mkdtempSync(join(handle.disk, BEGUN))
  const folder = join(parent, `${time}-${name}-${basename(begun).slice(BEGUN.length)}`)
  const databases: Record<string, KeptDatabase> = {}
  let isThere = false
  try {
    mkdirSync(join(begun, TEMPLATE), { mode: 0o700 })
    for (const { name: database, template } of handle.databases) {
      const copy = databaseIn(begun, database)
      await explainingFailures({ origin: copy }, () => copyTo(database, copy))
      linkOrCopy(template, databaseIn(join(begun, TEMPLATE), database))
      isThere ||= !(await isSuperfluous(copy, template))
      const path = databaseIn(folder, database)
      const before = databaseIn(join(folder, TEMPLATE), database)
      databases[database] = { path, command: `devshm diff --rows ${quoted(before)} ${quoted(path)}` }
    }
    if (isThere) renameSync(begun, folder)
  } finally {
    rmSync(begun, { recursive: true, force: true })
  }
  for (const old of readdirSync(parent).toSorted().slice(0, -KEPT)) {
    rmSync(join(parent, old), { recursive: true, force: true })
  }
  return { kept: { ...(databases[first] ?? { path: folder, command: '' }), databases }, isThere }
}

/** The template is never written to, so one file under two names is as good as two. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // A file system without hard links.
    copyFileSync(from, to)
  }
}
