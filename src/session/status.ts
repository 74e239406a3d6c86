import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { removeFile } from '../fs/remove.ts'
import { freeBytes } from '../fs/space.ts'
import type { Opener } from '../process/open-files.ts'
import type { Volume } from '../volume/volume.ts'
import { judge } from '../volume/judge.ts'
import { isAsAttached } from './as-attached.ts'
import { liveFolderOf, type Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import { examine, type Situation } from './examine.ts'
import { isAsSaved, newestCopy, readLastSave } from './last-save.ts'
import { readLeases, visiblePids, type Lease } from './leases.ts'
import type { Lending } from './lending.ts'

/** Sizes in bytes, times in ISO 8601 (UTC). Part of the `--json` contract: fields are only ever added. */
export interface DatabaseStatus {
  readonly origin: string
  /**
   * `stale`: the path is a link whose RAM is gone; `copied`: a link to another project's database; `absent`: nothing is
   * there. The next command that acts puts `stale` and `copied` right.
   */
  readonly state: 'in-ram' | 'on-disk' | 'absent' | 'stale' | 'copied'
  readonly bytes: number
  readonly openBy: readonly Opener[]
  readonly heldBy: readonly Lease[]
  readonly live?: string
  readonly attachedAt?: string
  readonly journal?: 'keep' | 'wal'
  readonly lastSave?: { readonly savedAt: string; readonly bytes: number; readonly path: string }
  /** Whether the content differs from the last save; `unknown` when only a disturbance of the app would tell. */
  readonly changedSinceSave?: 'yes' | 'no' | 'unknown'
  readonly ram?: { readonly path: string; readonly freeBytes: number; readonly totalBytes: number }
  /** Set where no link leads to live: only what `devshm run --no-link` started uses it. */
  readonly route?: 'hook'
  /** Then: whether another program has changed the file on disk since. At the end the file counts, and live is kept. */
  readonly changedOnDisk?: 'yes' | 'no' | 'unknown'
  /** Databases in RAM that were made for this path and that it no longer leads to. */
  readonly strays: readonly string[]
  /**
   * Set while the path is lent to a build (`by`, its pid), or since one was killed (no `by`): the other fields say what
   * is there otherwise. The next command that acts puts it back.
   */
  readonly lent?: { readonly to: string; readonly since?: string; readonly by?: number }
  readonly snapshots: readonly { readonly name: string; readonly path: string; readonly bytes: number }[]
}

/** Find out everything that there is to say of a database. Changes nothing, takes no lock, repairs nothing. */
export async function statusOf(context: Context): Promise<DatabaseStatus> {
  const { places, engine } = context
  const situation = await examine(places, context.volume)
  const { current, lending } = situation
  const isLinked = lending === undefined && situation.route !== 'hook'
  const path = isLinked ? places.origin : (current?.live ?? (lending === undefined ? places.origin : places.original))
  const common = {
    origin: places.origin,
    state: stateOf(context, situation),
    openBy: await engine.findOpeners(path),
    strays: [...situation.strays, ...situation.elsewhere].map(({ live }) => live),
    snapshots: await snapshotsOf(context),
    ...(lending !== undefined && { lent: describeLending(lending) }),
  }
  const copy = newestCopy(places)
  const facts = readLastSave(places)
  const lastSave =
    situation.route !== undefined && copy !== undefined && facts !== undefined
      ? { savedAt: facts.savedAt, bytes: facts.bytes, path: copy }
      : undefined
  if (current === undefined) {
    const bytes = situation.path === 'file' ? Number(lookAt(path)?.size ?? 0n) : 0
    return { ...common, bytes, heldBy: [], ...(lastSave && { lastSave }) }
  }
  const volume = await judge(current.volume, 'configuration')
  const { alive } = await readLeases(current)
  const own = new Set(visiblePids(alive))
  return {
    ...common,
    openBy: common.openBy.filter(({ pid }) => !own.has(pid)),
    bytes: Number(lookAt(current.live)?.size ?? 0n),
    heldBy: alive,
    live: current.live,
    attachedAt: current.attachedAt,
    journal: current.journal,
    ...(lastSave && { lastSave }),
    ...(situation.route === 'hook' && { route: 'hook', changedOnDisk: await hasFileChanged(context, current) }),
    changedSinceSave: await hasChanged(context, current, copy, common.openBy.length > 0),
    ...('volume' in volume && { ram: pickRoom(volume.volume) }),
  }
}

function describeLending({ to, since, maker }: Lending): NonNullable<DatabaseStatus['lent']> {
  return { to, ...(since !== undefined && { since }), ...(maker !== undefined && { by: maker.pid }) }
}

function pickRoom({ path, freeBytes, totalBytes }: Volume): NonNullable<DatabaseStatus['ram']> {
  return { path, freeBytes, totalBytes }
}

function stateOf({ places }: Context, { path, route, current }: Situation): DatabaseStatus['state'] {
  if (route === undefined) return path === 'absent' ? 'absent' : 'on-disk'
  if (current === undefined) return 'stale'
  return current.origin === places.origin || route === 'hook' ? 'in-ram' : 'copied'
}

async function hasChanged(
  { engine, places }: Context,
  attachment: Attachment,
  copy: string | undefined,
  isOpen: boolean,
): Promise<'yes' | 'no' | 'unknown'> {
  const { live } = attachment
  if (isAsSaved(places, attachment)) return 'no'
  // A journal means that somebody is writing, or crashed while writing: opening it would roll that back.
  if (lookAt(`${live}-journal`) !== undefined) return 'yes'
  // A log that a crash left: opening it and closing it again would bring it into the database.
  if (!isOpen && (lookAt(`${live}-wal`)?.size ?? 0n) > 0n) return 'unknown'
  const folder = liveFolderOf(attachment)
  const copyInRam = join(folder, `status-${process.pid}.sqlite3`)
  try {
    using pinned = await engine.pin(live, { timeoutMs: 200 })
    if (copy === undefined) return pinned.pageCount === 0 ? 'no' : 'yes'
    // The app must not find RAM full because somebody looked.
    if ((await freeBytes(folder)) <= 2 * pinned.bytes) return 'unknown'
    await pinned.copyTo(copyInRam, 0o600)
    const ignoreJournalMode = attachment.journal === 'wal'
    return (await engine.haveSameContent(copyInRam, copy, { ignoreJournalMode })) ? 'no' : 'yes'
  } catch (error) {
    if (error instanceof DevshmError || systemCodeOf(error) !== undefined) return 'unknown'
    throw error
  } finally {
    await removeFile(copyInRam)
  }
}

async function hasFileChanged(context: Context, attachment: Attachment): Promise<'yes' | 'no' | 'unknown'> {
  const folder = liveFolderOf(attachment)
  try {
    const bytes = Number(lookAt(context.places.origin)?.size ?? 0n)
    if ((await freeBytes(folder)) <= 2 * bytes) return 'unknown'
    const copy = join(folder, `status-${process.pid}.sqlite3-file`)
    return (await isAsAttached(context, attachment, copy)) ? 'no' : 'yes'
  } catch (error) {
    if (error instanceof DevshmError || systemCodeOf(error) !== undefined) return 'unknown'
    throw error
  }
}

async function snapshotsOf({ places }: Context): Promise<DatabaseStatus['snapshots']> {
  let names: string[]
  try {
    names = await readdir(places.snapshots)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
  const databases = names.filter((name) => name.endsWith('.sqlite3')).toSorted()
  return await Promise.all(
    databases.map(async (file) => {
      const path = join(places.snapshots, file)
      return { name: file.slice(0, -'.sqlite3'.length), path, bytes: Number(lookAt(path)?.size ?? 0n) }
    }),
  )
}
