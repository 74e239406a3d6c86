import { chmod, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Engine } from '../../engine/engine.ts'
import { DevshmError, systemCodeOf } from '../../errors.ts'
import { lookAt } from '../../fs/look.ts'
import { writeFileInOneStep } from '../../fs/replace.ts'
import { requireSpace } from '../../fs/space.ts'
import { syncDirectory, syncFile } from '../../fs/sync.ts'
import type { Cache } from '../cache.ts'
import { databaseIn, FORMAT, layerFolder, manifestIn, readLayer, type Layer, type LayerDatabase } from '../layer.ts'
import type { PlannedLayer } from '../plan.ts'

export interface Finished {
  readonly root: string
  readonly layer: PlannedLayer
  readonly ms: number
  readonly continuedFrom: string | undefined
  /** By name, where a step has made one. */
  readonly databases: ReadonlyMap<string, string>
}

/**
 * Keep what a step has made: copied through the engine, checked, synced, and given its name in the cache in one step, so
 * that a layer is visible only when it is complete.
 *
 * @throws {DevshmError} `COPY_DAMAGED`, `NO_SPACE`, `BUSY`: a process that the step left behind is still writing
 */
export async function storeLayer(cache: Cache, engine: Engine, finished: Finished): Promise<Layer> {
  const { layer: planned, root, ms, continuedFrom } = finished
  const folder = await mkdtemp(join(cache.unfinished, 'layer-'))
  try {
    const databases: Record<string, LayerDatabase> = {}
    for (const [name, path] of finished.databases) {
      await requireSpace(folder, Number(lookAt(path)?.size ?? 0n), 'keeping a template')
      const to = databaseIn(folder, name)
      await copyChecked(engine, path, to)
      const { size, mtimeMs } = await stat(to)
      databases[name] = { bytes: size, mtimeMs: Math.trunc(mtimeMs) }
    }
    const { isIncremental: _unused, ...facts } = planned
    const builtAt = new Date().toISOString()
    const layer: Layer = { ...facts, format: FORMAT, root, builtAt, ms, continuedFrom, databases }
    await writeFileInOneStep(manifestIn(folder), `${JSON.stringify(layer)}\n`, join(folder, 'new'))
    await putInPlace(cache, folder, planned.fingerprint)
    return readLayer(cache, planned.fingerprint) ?? layer
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function copyChecked(engine: Engine, from: string, to: string): Promise<void> {
  using pinned = await engine.pin(from)
  await pinned.copyTo(to, 0o600)
  await engine.setJournalMode(to, 'rollback')
  const verdict = await engine.verify(to, pinned)
  if (!verdict.sound) await requireSame(engine, pinned, to, verdict.reason)
  await syncFile(to)
  // By nobody's mistake: a template is what it was made as.
  await chmod(to, 0o400)
}

/** What SQLite alone cannot vouch for (a function that only the app has) is right if two copies of it are equal. */
async function requireSame(
  engine: Engine,
  pinned: Awaited<ReturnType<Engine['pin']>>,
  copy: string,
  reason: string,
): Promise<void> {
  const second = `${copy}.second`
  await pinned.copyTo(second, 0o600)
  const isSame = await engine.haveSameContent(copy, second, { ignoreJournalMode: true })
  await rm(second, { force: true })
  if (isSame) return
  throw new DevshmError('COPY_DAMAGED', `the copy of the template at ${copy} is damaged: ${reason}`, {
    hint: 'check the disk and its free space, and build it again',
    details: { path: copy, reason },
  })
}

async function putInPlace(cache: Cache, folder: string, fingerprint: string): Promise<void> {
  const place = layerFolder(cache, fingerprint)
  await mkdir(cache.layers, { recursive: true, mode: 0o700 })
  await syncDirectory(folder)
  if (lookAt(place) !== undefined) {
    // Damaged, of another format, or to be built anew. Whoever has it open keeps what he has.
    const old = join(cache.unfinished, `old-${randomUUID()}`)
    await rename(place, old)
    await rm(old, { recursive: true, force: true })
  }
  try {
    await rename(folder, place)
  } catch (error) {
    // Somebody without our lock was faster (a cache on a network share): theirs is as good.
    if (systemCodeOf(error) !== 'ENOTEMPTY' && systemCodeOf(error) !== 'EEXIST') throw error
  }
  await syncDirectory(cache.layers)
}
