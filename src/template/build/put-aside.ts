import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncDirectory, syncFile } from '../../fs/sync.ts'
import type { Context } from '../../session/context.ts'
import { keepAsSnapshot } from '../../session/keep-as-snapshot.ts'

/**
 * Take away a database that appeared where there was none; it is kept as a snapshot. Nobody has it open. `copy` is a
 * private copy of it.
 */
export async function putAside(context: Context, path: string, copy: string): Promise<string> {
  const { engine, places } = context
  const kept = join(places.unfinished, 'aside.sqlite3')
  await rm(copy, { force: true })
  using pinned = await engine.pin(path)
  await pinned.copyTo(kept, 0o600)
  pinned[Symbol.dispose]()
  await syncFile(kept)
  const { snapshot } = await keepAsSnapshot(context, kept)
  const gone = join(places.unfinished, 'gone.sqlite3')
  await rename(path, gone)
  for (const each of [gone, ...engine.sidecarsOf(path)]) await rm(each, { force: true })
  await syncDirectory(dirname(path))
  return snapshot
}
