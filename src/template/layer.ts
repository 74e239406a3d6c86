import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import type { Cache } from './cache.ts'
import type { Input } from './inputs/input.ts'

/** The format of a layer and of its fingerprint: another number makes every cached layer a miss. */
export const FORMAT = 1

/** What is known of a layer: enough to say why another one missed it, and to start an incremental step from it. */
export interface Layer {
  readonly format: typeof FORMAT
  readonly fingerprint: string
  /** Everything that must be equal for an incremental step to start from this layer. */
  readonly lineage: string
  /** The fingerprint of the layer that it stands on. */
  readonly below: string | undefined
  /** From 0; for people. */
  readonly index: number
  readonly run: string
  readonly inputs: readonly Input[]
  /** Their values are known as hashes only: they may be secrets. */
  readonly variables: Readonly<Record<string, string>>
  readonly packages: readonly string[]
  /** Absolute; the project or worktree that built it. */
  readonly root: string
  /** ISO 8601, UTC. */
  readonly builtAt: string
  /** How long the step ran, in milliseconds. */
  readonly ms: number
  /** The fingerprint of the older layer that the step continued from. */
  readonly continuedFrom: string | undefined
  /** By name; `undefined` in `bytes`: no step has made this database so far. */
  readonly databases: Readonly<Record<string, LayerDatabase>>
}

export interface LayerDatabase {
  readonly bytes: number
  /** Of the file, to notice that somebody wrote to it. */
  readonly mtimeMs: number
}

const MANIFEST = 'layer.json'
const FINGERPRINT = /^[0-9a-f]{64}$/

export function layerFolder(cache: Cache, fingerprint: string): string {
  return join(cache.layers, fingerprint)
}

export function manifestIn(folder: string): string {
  return join(folder, MANIFEST)
}

/** The file of a database in a layer's folder. Names are those of the configuration: letters, digits, `-` and `_`. */
export function databaseIn(folder: string, name: string): string {
  return join(folder, `${encodeURIComponent(name)}.sqlite3`)
}

/** The complete layer of this fingerprint, or `undefined`: not there, of another format, or tampered with. */
export function readLayer(cache: Cache, fingerprint: string): Layer | undefined {
  const folder = layerFolder(cache, fingerprint)
  const layer = readManifest(manifestIn(folder))
  if (layer === undefined || layer.fingerprint !== fingerprint) return undefined
  for (const [name, { bytes, mtimeMs }] of Object.entries(layer.databases)) {
    const stats = lookAt(databaseIn(folder, name))
    if (stats === undefined || Number(stats.size) !== bytes || Number(stats.mtimeMs) !== mtimeMs) return undefined
  }
  return layer
}

/** Every complete layer, the one that was used last first. */
export function listLayers(cache: Cache): (Layer & { readonly usedAt: Date; readonly bytes: number })[] {
  const layers = namesIn(cache.layers)
    .filter((name) => FINGERPRINT.test(name))
    .flatMap((fingerprint) => {
      const layer = readLayer(cache, fingerprint)
      if (layer === undefined) return []
      const bytes = Object.values(layer.databases).reduce((sum, database) => sum + database.bytes, 0)
      return [{ ...layer, usedAt: lastUse(layerFolder(cache, fingerprint)), bytes }]
    })
  return layers.toSorted((a, b) => b.usedAt.getTime() - a.usedAt.getTime())
}

/** Note that a layer was used: pruning goes by that. */
export function noteUse(cache: Cache, fingerprint: string): void {
  const now = new Date()
  try {
    utimesSync(layerFolder(cache, fingerprint), now, now)
  } catch (error) {
    // Pruned in this very moment: whoever opens it will find out. In a cache that cannot be written to nothing is pruned.
    if (!['ENOENT', 'EROFS', 'EACCES', 'EPERM'].includes(systemCodeOf(error) ?? '')) throw error
  }
}

/** By the folder of a layer. */
export function lastUse(folder: string): Date {
  return statSync(folder, { throwIfNoEntry: false })?.mtime ?? new Date(0)
}

function readManifest(path: string): Layer | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isLayer(value) ? value : undefined
  } catch (error) {
    // What cannot be read is no layer: it is built again.
    if (error instanceof SyntaxError || systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isLayer(value: unknown): value is Layer {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map(Object.entries(value))
  return fields.get('format') === FORMAT && typeof fields.get('fingerprint') === 'string' && fields.has('databases')
}

/** None where there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}
