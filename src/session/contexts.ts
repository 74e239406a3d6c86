import { sqliteEngine } from '../engine/sqlite/index.ts'
import type { Configuration } from '../project/configuration.ts'
import { findDatabases, type WhereToLook } from '../project/find-databases.ts'
import type { Context } from './context.ts'
import type { Report } from './events.ts'
import { placesOf, resolveOrigin } from './places.ts'

export interface ProjectContexts {
  readonly root: string
  readonly configuration: Configuration
  readonly contexts: readonly Context[]
}

/** From what the user said to the databases that are meant, each with all that its operations need. */
export async function openContexts(where: WhereToLook, report: Report): Promise<ProjectContexts> {
  const { root, databases, configuration } = await findDatabases(where)
  const origins = new Set(databases.map(({ path }) => resolveOrigin(path)))
  const volume = { configured: configuration.volume, env: where.env ?? process.env }
  return { root, configuration, contexts: [...origins].map((origin) => contextOf(origin, volume, report)) }
}

/** The context of one database whose origin is known. */
export function contextOf(origin: string, volume: Context['volume'], report: Report): Context {
  return { places: placesOf(origin), engine: sqliteEngine, volume, report }
}
