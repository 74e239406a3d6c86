import type { SeededRandom } from '../../support/seeded-random.ts'
import type { Plan } from './campaign.ts'
import { ERRORS } from './campaign.ts'
import type { CrashCase } from './crash-case.ts'
import type { Point } from './try-point.ts'

export function pick<T>(items: readonly T[], count: number, random: SeededRandom): T[] {
  const left = [...items]
  const take = (): T[] => left.splice(Math.floor(random.number() * left.length), 1)
  return Array.from({ length: Math.min(count, left.length) }, take).flat()
}

/** Points at which something was wrong once: part of every sample, by their key's end. */
const ALWAYS: readonly { readonly name: string; readonly key: string }[] = [
  // The last save was in the link's place, and the record said still that the database was in RAM.
  { name: 'recovery, power cut, delete', key: 'sync project' },
  // What was in RAM was kept and gone, and the record said still that it was there.
  { name: 'recovery, file replaced while in RAM', key: 'unlink project/.devshm/db.sqlite3/attachment.json' },
  // Folders that were made for the live database stayed in RAM.
  { name: 'run', key: 'mkdir volume/devshm-0/project-HASH/db.sqlite3' },
  // The template was complete, so that no build came to sweep what lay in RAM.
  { name: 'template build', key: 'unlink volume/devshm-0/builds/build-RANDOM/maker.json' },
]

export function isAlwaysTried({ name }: CrashCase): boolean {
  return ALWAYS.some((each) => each.name === name)
}

/** A few points of a case, and those at which it failed before. */
export function sampleOf(each: CrashCase, random: SeededRandom, size: { kills: number; errors: number }): Plan {
  const isAlways = ({ key }: Point): boolean => ALWAYS.some((one) => one.name === each.name && one.key === key)
  return {
    kills: (points) => [...new Set([...points.filter(isAlways), ...pick(points, size.kills, random)])],
    errors: (points) =>
      pick(points, size.errors, random).map((point) => ({
        point,
        error: ERRORS[Math.floor(random.number() * ERRORS.length)] ?? 'EIO',
      })),
  }
}
