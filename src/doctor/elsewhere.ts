import { someoneIsPresent } from '../engine/sqlite/file-lock.ts'
import { lookAt, lookThrough } from '../fs/look.ts'
import { bootId } from '../process/identity.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Places } from '../session/places.ts'

/**
 * Where the RAM of a link that leads nowhere is. `elsewhere`: the same kernel runs, another mount is at its path, and
 * somebody holds it: seen from inside a container, or from outside. `another mount`: the same, and nobody holds it.
 */
export function whereItsRamIs(places: Places, record: Attachment): 'elsewhere' | 'another mount' | 'gone' {
  if (record.bootId !== bootId()) return 'gone'
  const volume = lookThrough(record.volume)
  if (volume !== undefined && String(volume.dev) === record.device) return 'gone'
  // Asking for the lock would create its file.
  const isHeld = lookAt(places.presence) !== undefined && someoneIsPresent(places.presence)
  return isHeld ? 'elsewhere' : 'another mount'
}
