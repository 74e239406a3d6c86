import { DevshmError } from '../errors.ts'
import { requireSpace } from '../fs/space.ts'
import type { Context } from '../session/context.ts'
import { ensureStore } from '../session/store.ts'
import { createBuildFolder, removeBuildFolder, sweepBuildFolders } from '../volume/build-folder.ts'
import { findVolume } from '../volume/find-volume.ts'
import { isInMemory } from '../volume/judge.ts'

/** Room for journals, logs and small databases, in bytes. */
const LEAST_ROOM = 64_000_000

/** Copies of the databases that exist at the same time, with a journal each, at most. */
const COPIES = { disk: 6, ram: 3 }

/** A folder that is private to this run, and the base that it lies in. */
export interface Place {
  readonly base: string
  readonly folder: string
}

/** Where it is measured: on the disk that the databases are on, and in RAM. Disposing removes both folders. */
export interface Places extends AsyncDisposable {
  readonly disk: Place
  /** `undefined`: see `noRam`. */
  readonly ram: (Place & { readonly volume: string; readonly freeBytes: number }) | undefined
  readonly noRam: string | undefined
  /** The project itself lies in RAM. */
  readonly diskIsRam: boolean
}

/**
 * Make private folders in `.devshm/` beside the first database, and in the volume. They lie where builds of templates do:
 * what a run that was killed has left goes with the next run, that in RAM also with the next command that uses a template.
 *
 * @param bytes of all databases together, as far as they are copied
 * @throws {DevshmError} `NO_SPACE` on the disk; `UNSAFE_FOLDER`
 */
export async function openPlaces({ places, volume }: Context, bytes: number): Promise<Places> {
  await using cleanUp = new AsyncDisposableStack()
  await ensureStore(places)
  await requireSpace(places.store, LEAST_ROOM + COPIES.disk * bytes, 'measuring')
  const make = async (base: string): Promise<Place> => {
    await sweepBuildFolders({ path: base })
    const folder = await createBuildFolder({ path: base })
    cleanUp.defer(async () => {
      await removeBuildFolder(folder)
      // Of steps that were ended a moment ago.
      await sweepBuildFolders({ path: base })
    })
    return { base, folder }
  }
  const disk = await make(places.store)
  const found = await findVolume(volume, LEAST_ROOM + COPIES.ram * bytes).catch((error: unknown) => {
    if (error instanceof DevshmError && error.code === 'NO_RAM') return error.message
    throw error
  })
  const ram =
    typeof found === 'string'
      ? undefined
      : { ...(await make(found.path)), volume: found.path, freeBytes: found.freeBytes }
  const diskIsRam = await isInMemory(places.store)
  const resources = cleanUp.move()
  return {
    disk,
    ram,
    noRam: typeof found === 'string' ? found : undefined,
    diskIsRam,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
