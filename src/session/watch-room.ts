import { fullnessOf, NEARLY_FULL } from '../volume/fullness.ts'
import { judge } from '../volume/judge.ts'
import type { Attachment } from './attachment.ts'
import type { Report } from './events.ts'
import { largestIn, useOf } from './volume-use.ts'

/** Below this share it may be said again. */
const RELAXED = 0.85

/** Looks at the volumes that databases are in, and says once of each that it is nearly full and what takes most of it. */
export function createRoomWatch(report: Report): (attachments: readonly Attachment[]) => Promise<void> {
  const said = new Set<string>()
  return async (attachments) => {
    const byVolume = Map.groupBy(attachments, ({ volume }) => volume)
    for (const [path, [first]] of byVolume) {
      const candidate = await judge(path, 'configuration')
      // One that has vanished is a matter for whoever saves.
      if (!('volume' in candidate) || first === undefined) continue
      const { totalBytes, usedBytes } = candidate.volume
      const share = fullnessOf(candidate.volume)
      if (share < RELAXED) said.delete(path)
      if (share < NEARLY_FULL || said.has(path)) continue
      said.add(path)
      const { what: largest, bytes: largestBytes } = largestIn(await useOf(path), usedBytes)
      const about = { volume: path, usedBytes, totalBytes, largest, largestBytes }
      report({ type: 'nearly-full', origin: first.origin, ...about })
    }
  }
}
