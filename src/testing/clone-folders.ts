import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf, systemCodeOf } from '../errors.ts'
import type { ProcessIdentity } from '../process/identity.ts'
import { closeWorkerFolder, createWorkerFolder } from '../volume/clone-folder.ts'
import { addLease } from '../volume/leased-folder.ts'
import { databaseIn } from '../template/layer.ts'
import { copyTemplate } from './copy-template.ts'
import type { CloneEvent } from './events.ts'
import type { TestDatabasesHandle } from './handle.ts'
import { collectReleases } from './releases.ts'
import { watchRoom } from './room.ts'

/** The folders of one worker's clones, in RAM and on disk. */
export interface CloneFolders {
  /** Make a new clone's folder, with a copy of every template in it. */
  make(name: string): Promise<CloneFolder>
  /** Remove a clone's folder, as soon as nobody has a file of it open. */
  release(folder: CloneFolder): Promise<void>
  /** Have the clones stay for as long as this process runs as well, whatever becomes of their maker. */
  neededBy(identity: ProcessIdentity): void
  /** Remove what is released. Whatever is open then goes with a later sweep. */
  close(): Promise<void>
}

export interface CloneFolder {
  readonly path: string
  readonly isInRam: boolean
}

/** @throws `ENOENT`: the pool is closed */
export function openCloneFolders(
  handle: TestDatabasesHandle,
  maker: ProcessIdentity,
  report: (event: CloneEvent) => void,
): CloneFolders {
  const bytes = handle.databases.reduce((sum, each) => sum + each.bytes, 0)
  const ram =
    'refusal' in handle.ram
      ? handle.ram
      : { folder: createWorkerFolder(handle.ram.folder, maker), room: watchRoom(handle.ram) }
  let disk: string | undefined
  const inRam = collectReleases((removed) => 'room' in ram && ram.room.giveBack(removed))
  const onDisk = collectReleases(() => undefined)

  /** @returns the clone's folder, or why there is no room */
  const tryInRam = async (name: string): Promise<{ path: string } | { reason: string; hint: string }> => {
    if ('refusal' in ram) return spilled(ram.refusal, ram.hint)
    let reason = ram.room.take(bytes)
    if (reason !== undefined) {
      await inRam.flush()
      reason = ram.room.take(bytes)
    }
    if (reason !== undefined) return spilled(reason)
    try {
      return { path: await fill(handle, join(ram.folder, name)) }
    } catch (error) {
      ram.room.giveBack(bytes)
      if (isFull(error)) return spilled(reasonOf(error))
      throw error
    }
  }
  return {
    async make(name) {
      const tried = await tryInRam(name)
      if ('path' in tried) return { path: tried.path, isInRam: true }
      if (isFirstToSay(handle.disk)) report({ type: 'clones-on-disk', ...tried, folder: handle.disk })
      disk ??= createWorkerFolder(handle.disk, maker)
      return { path: await fill(handle, join(disk, name)), isInRam: false }
    },
    release: ({ path, isInRam }) => (isInRam ? inRam : onDisk).add(path, bytes),
    neededBy(identity) {
      const folders = [...('folder' in ram ? [ram.folder] : []), ...(disk === undefined ? [] : [disk])]
      for (const folder of folders) addLease(folder, identity)
    },
    async close() {
      for (const releases of [inRam, onDisk]) await releases.close()
      if ('folder' in ram) await closeWorkerFolder(ram.folder)
      if (disk !== undefined) await closeWorkerFolder(disk)
    },
  }
}

function spilled(
  reason: string,
  hint = 'enlarge the volume, or set "cloneBudget" in devshm.config.json',
): { reason: string; hint: string } {
  return { reason, hint }
}

async function fill({ databases }: TestDatabasesHandle, folder: string): Promise<string> {
  try {
    mkdirSync(folder, { mode: 0o700 })
    for (const { name, template, bytes } of databases) await copyTemplate(template, databaseIn(folder, name), bytes)
    return folder
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Of all processes of a pool: whoever is first leaves a mark. */
function isFirstToSay(pool: string): boolean {
  try {
    writeFileSync(join(pool, 'said'), '', { flag: 'wx' })
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false
    throw error
  }
}

function isFull(error: unknown): boolean {
  const code = systemCodeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
