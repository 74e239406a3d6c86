import { lookAt } from '../fs/look.ts'
import { roomFor } from '../session/attach.ts'
import type { Surroundings } from './surroundings.ts'

/** Bytes of RAM that each database which is on disk, or not there yet, would need. */
export async function roomsNeeded({ databases }: Pick<Surroundings, 'databases'>): Promise<number[]> {
  const rooms = await Promise.all(
    databases.map(async ({ places, engine }) => {
      const stats = lookAt(places.origin)
      if (stats === undefined) return roomFor({ kind: 'absent' })
      if (!stats.isFile()) return 0
      const facts = await engine.inspect(places.origin)
      return facts.kind === 'other' ? 0 : roomFor({ kind: 'file', stats, facts })
    }),
  )
  return rooms.filter((room) => room > 0)
}
