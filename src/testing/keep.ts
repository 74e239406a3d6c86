import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'
import { quoteForShell } from '../fs/quote-for-shell.ts'
import { shortHash } from '../fs/short-hash.ts'
import { databaseIn } from '../template/layer.ts'
import type { TestDatabasesHandle } from './handle.ts'

/** How many kept clones of a project stay. */
const KEPT = 10

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

/**
 * Keep a clone's databases in the cache's folder, beside their templates, which are links there and so cannot be pruned
 * away before somebody has looked. The newest 10 of a project stay.
 *
 * @param copyTo writes one of them to a new file
 */
export async function keep(
  { cache, root, databases }: TestDatabasesHandle,
  name: string,
  copyTo: (database: string, to: string) => Promise<void>,
): Promise<Kept> {
  const parent = join(cache, 'kept', shortHash(root))
  mkdirSync(join(cache, 'kept'), { recursive: true, mode: 0o700 })
  ensurePrivateDirectory(parent)
  const time = new Date().toISOString().replaceAll(/[^\d]/g, '')
  const folder = mkdtempSync(join(parent, `${time}-${name}-`))
  const templates = join(folder, 'template')
  const kept: [string, KeptDatabase][] = []
  try {
    mkdirSync(templates, { mode: 0o700 })
    for (const { name: database, template } of databases) {
      const path = databaseIn(folder, database)
      await copyTo(database, path)
      const before = databaseIn(templates, database)
      linkOrCopy(template, before)
      kept.push([database, { path, command: `devshm diff --rows ${quoteForShell(before)} ${quoteForShell(path)}` }])
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  for (const old of readdirSync(parent).toSorted().slice(0, -KEPT)) {
    rmSync(join(parent, old), { recursive: true, force: true })
  }
  const first = kept[0]?.[1] ?? { path: folder, command: '' }
  return { ...first, databases: Object.fromEntries(kept) }
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
