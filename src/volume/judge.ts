import { accessSync, constants, realpathSync, statfsSync, statSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { reasonOf, systemCodeOf } from '../errors.ts'
import { availableMemory } from './memory.ts'
import { strangerIn } from './strangers.ts'
import type { Candidate, Volume } from './volume.ts'

/** File systems that live in memory, by `statfs` type. @see https://man7.org/linux/man-pages/man2/statfs.2.html */
const IN_MEMORY = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
])

/**
 * Look at what a folder really is; its name says nothing.
 *
 * @param platform whose rules hold
 */
export async function judge(
  path: string,
  source: Volume['source'],
  platform: NodeJS.Platform = process.platform,
): Promise<Candidate> {
  // It would be another folder for the holder and for each command.
  if (!isAbsolute(path)) return { path, source, refusal: 'is not an absolute path' }
  try {
    const real = realpathSync(path)
    const stats = statSync(real, { bigint: true })
    if (!stats.isDirectory()) return { path, source, refusal: 'is not a folder' }
    const facts = statfsSync(real)
    if (platform === 'linux' && !IN_MEMORY.has(facts.type)) return { path, source, refusal: 'is not in RAM' }
    // A RAM disk looks like any disk. A path that the user names is taken at its word; ours is one while it is mounted.
    if (platform === 'darwin' && source === 'found' && statSync(dirname(real), { bigint: true }).dev === stats.dev) {
      return { path, source, refusal: 'has no RAM disk mounted' }
    }
    accessSync(real, constants.W_OK | constants.X_OK)
    const stranger = strangerIn(real, stats)
    if (stranger !== undefined) return { path, source, refusal: stranger }
    const volume: Volume = {
      path: real,
      source,
      freeBytes: Math.min(facts.bavail * facts.bsize, memoryFor(platform)),
      totalBytes: facts.blocks * facts.bsize,
      usedBytes: (facts.blocks - facts.bfree) * facts.bsize,
      device: String(stats.dev),
    }
    return { path, source, volume }
  } catch (error) {
    return { path, source, refusal: refusalOf(error) }
  }
}

/** Whether a folder is in RAM by itself. Only Linux tells. */
export async function isInMemory(folder: string): Promise<boolean> {
  return process.platform === 'linux' && IN_MEMORY.has(statfsSync(folder).type)
}

/** What macOS calls free leaves out what it would give back at once; a RAM disk there is bounded by its own size. */
function memoryFor(platform: NodeJS.Platform): number {
  return platform === 'darwin' ? Number.POSITIVE_INFINITY : availableMemory()
}

function refusalOf(error: unknown): string {
  const code = systemCodeOf(error)
  if (code === 'ENOENT') return 'does not exist'
  if (code === 'EACCES') return 'is not writable for this user'
  if (code === 'EROFS') return 'is read-only'
  return reasonOf(error)
}
