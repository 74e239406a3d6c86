import { constants } from 'node:fs'
import { chmod, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DevshmError } from '../../errors.ts'
import { lookAt } from '../../fs/look.ts'
import type { Context } from '../../session/context.ts'
import { createBuildFolder, removeBuildFolder, sweepBuildFolders } from '../../volume/build-folder.ts'
import { findVolume, volumePaths } from '../../volume/find-volume.ts'
import type { Cache } from '../cache.ts'
import { databaseIn, layerFolder, type Layer } from '../layer.ts'

/** The least room for the databases that the steps make, in bytes, where nothing is known of their size. */
const LEAST_ROOM = 64_000_000

/** A private folder in which a template is built: one file a database, and what the steps printed. */
export interface Workplace extends AsyncDisposable {
  readonly folder: string
  readonly log: string
  /** By the names of the plan. */
  readonly contexts: ReadonlyMap<string, Context>
  /** Where the private database of this name is, or will be. */
  pathOf(name: string): string
  /** Put a layer's databases there, or nothing at all. */
  startFrom(layer: Layer | undefined): Promise<void>
}

/** Make one in RAM where there is room, else in the cache's folder on disk. What crashed builds left goes first. */
export async function openWorkplace(cache: Cache, contexts: ReadonlyMap<string, Context>): Promise<Workplace> {
  return await openWorkplaceIn({ path: await findBase(cache, [...contexts.values()]) }, cache, contexts)
}

/** The same in a volume, or a folder on disk, that the caller has chosen. */
export async function openWorkplaceIn(
  base: { readonly path: string },
  cache: Cache,
  contexts: ReadonlyMap<string, Context>,
): Promise<Workplace> {
  await sweepBuildFolders(base)
  const folder = await createBuildFolder(base)
  const pathOf = (name: string): string => databaseIn(folder, name)
  return {
    folder,
    log: join(folder, 'output.log'),
    contexts,
    pathOf,
    async startFrom(layer) {
      for (const [name, context] of contexts) {
        const path = pathOf(name)
        for (const each of [path, ...context.engine.sidecarsOf(path)]) await rm(each, { force: true })
        if (layer?.databases[name] === undefined) continue
        await copyPrivateFile(databaseIn(layerFolder(cache, layer.fingerprint), name), path)
      }
    },
    async [Symbol.asyncDispose]() {
      await removeBuildFolder(folder)
      // Of a builder that was killed a moment before, the step may still have been there.
      await sweepBuildFolders(base)
    },
  }
}

/** Remove what builders left that were killed, wherever a build of this user may have been. */
export async function sweepBuilds(cache: Cache, contexts: Iterable<Context>): Promise<void> {
  const volumes = [...contexts].flatMap(({ volume }) => volumePaths(volume))
  for (const path of new Set([...volumes, cache.unfinished])) await sweepBuildFolders({ path })
}

/** Copy a closed file that nothing writes to: as a clone where the file system has that, else at the speed of memory. */
async function copyPrivateFile(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  await chmod(to, 0o600)
}

async function findBase(cache: Cache, contexts: readonly Context[]): Promise<string> {
  const sizes = contexts.map(({ places }) => Number(lookAt(places.origin)?.size ?? 0n))
  const wanted = LEAST_ROOM + 4 * sizes.reduce((sum, size) => sum + size, 0)
  const [context] = contexts
  if (context === undefined) return cache.unfinished
  try {
    const { path } = await findVolume(context.volume, wanted)
    return path
  } catch (error) {
    if (!(error instanceof DevshmError) || error.code !== 'NO_RAM') throw error
    return cache.unfinished
  }
}
