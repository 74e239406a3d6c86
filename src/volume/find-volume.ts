import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { DevshmError } from '../errors.ts'
import { formatBytes } from '../fs/format-bytes.ts'
import { lookThrough } from '../fs/look.ts'
import { quoted } from '../fs/quoted.ts'
import { judge } from './judge.ts'
import type { Candidate, Volume } from './volume.ts'

export interface Place {
  readonly path: string
  readonly source: Volume['source']
}

export interface VolumeWish {
  /** The folder that the configuration names. */
  readonly configured?: string | undefined
  readonly env: NodeJS.ProcessEnv
  /** Whose rules hold (default: this system's). */
  readonly platform?: NodeJS.Platform
}

export function platformOf({ platform }: VolumeWish): NodeJS.Platform {
  return platform ?? process.platform
}

/** The folder that the user names, which is the only candidate then: anywhere else would be a surprise. */
function wishesFor({ configured, env }: VolumeWish): Place | undefined {
  const named = env['DEVSHM_VOLUME']
  if (named !== undefined && named !== '') return { path: named, source: 'environment' }
  return configured === undefined ? undefined : { path: configured, source: 'configuration' }
}

/** Whether a RAM disk is made for whoever names no volume: on macOS, which has no file system in RAM by itself. */
export function makesOnDemand(wish: VolumeWish): boolean {
  return platformOf(wish) === 'darwin' && wishesFor(wish) === undefined
}

/** Where the RAM disk of a user lies that is made where it is needed (macOS). Not in `/tmp`, which is cleaned there. */
export function onDemandPath(env: NodeJS.ProcessEnv): string {
  return join(env['HOME'] || homedir(), 'Library/Caches/devshm/ram')
}

/** Where to look, in order. */
function placesToLook(wish: VolumeWish): Place[] {
  const { env } = wish
  const wished = wishesFor(wish)
  if (wished !== undefined) return [wished]
  if (platformOf(wish) === 'darwin') return [{ path: onDemandPath(env), source: 'found' }]
  if (platformOf(wish) !== 'linux') return []
  return ['/dev/shm', '/run/shm', env['XDG_RUNTIME_DIR'], '/tmp']
    .filter((path) => path !== undefined)
    .map((path) => ({ path, source: 'found' }))
}

/**
 * The folders among them that exist, each by its one real path: `/run/shm` is a link to `/dev/shm` on many systems, and
 * a live database must never look like two.
 */
export function volumePaths(wish: VolumeWish): string[] {
  const existing = placesToLook(wish).filter(({ path }) => isAbsolute(path) && lookThrough(path) !== undefined)
  return [...new Set(existing.map(({ path }) => realpathSync(path)))]
}

/** All of them, each judged by what it really is. */
export async function listCandidates(wish: VolumeWish): Promise<Candidate[]> {
  return await Promise.all(placesToLook(wish).map(({ path, source }) => judge(path, source, platformOf(wish))))
}

/**
 * The first usable volume with room for `neededBytes`.
 *
 * @throws {DevshmError} `NO_RAM`: there is none, or none is large enough; the message has the numbers
 */
export async function findVolume(wish: VolumeWish, neededBytes: number): Promise<Volume> {
  const candidates: Candidate[] = []
  for (const { path, source } of placesToLook(wish)) {
    const candidate = await judge(path, source, platformOf(wish))
    if ('volume' in candidate && candidate.volume.freeBytes >= neededBytes) return candidate.volume
    candidates.push(candidate)
  }
  const volumes = candidates.flatMap((candidate) => ('volume' in candidate ? [candidate.volume] : []))
  const [largest] = volumes.toSorted((a, b) => b.freeBytes - a.freeBytes)
  if (largest !== undefined) {
    const { path, freeBytes } = largest
    throw new DevshmError(
      'NO_RAM',
      `it needs ${formatBytes(neededBytes)} in RAM with its journal, ${path} has ${formatBytes(freeBytes)} free`,
      {
        hint: makesOnDemand(wish)
          ? `devshm volume remove ${quoted(path)}   (once it is empty: a larger one is made then)`
          : 'see `devshm volume list` for what takes it, enlarge it (in a container: --shm-size), or name another with DEVSHM_VOLUME',
        details: { path, neededBytes, freeBytes },
      },
    )
  }
  throw new DevshmError('NO_RAM', noVolumeMessage(candidates), {
    hint: 'make one: devshm volume create /mnt/ram --size 1G, and name it with DEVSHM_VOLUME',
  })
}

function noVolumeMessage(candidates: Candidate[]): string {
  const refusals = candidates.map((one) => `${one.path} ${'refusal' in one ? one.refusal : 'is usable'}`)
  return `there is no RAM-backed folder here${refusals.length > 0 ? ` (${refusals.join(', ')})` : ''}`
}
