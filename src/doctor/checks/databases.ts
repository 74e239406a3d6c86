import { relative } from 'node:path'
import type { Observation } from '../finding.ts'
import type { Surroundings } from '../surroundings.ts'

/** Whether devshm knows which databases are meant, and can read its configuration. */
export async function checkDatabases({ obstacles, databases, root }: Surroundings): Promise<Observation[]> {
  if (obstacles.length > 0) return [...obstacles]
  const found = databases.map(({ places: { origin } }) =>
    origin.startsWith(`${root}/`) ? relative(root, origin) : origin,
  )
  return [{ level: 'ok', subject: 'databases', message: found.join(', ') }]
}
