import { resolve } from 'node:path'
import { sqliteEngine } from '../engine/sqlite/index.ts'
import { DevshmError, reasonOf } from '../errors.ts'
import { loadConfiguration, type Configuration } from '../project/configuration.ts'
import { findDatabases } from '../project/find-databases.ts'
import { findProjectRoot } from '../project/find-project.ts'
import type { Context } from '../session/context.ts'
import { placesOf, resolveOrigin } from '../session/places.ts'
import type { VolumeWish } from '../volume/find-volume.ts'
import type { Observation } from './finding.ts'
import { thisMachine, type Machine } from './machine.ts'

/** What the checks look at. */
export interface Surroundings {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly machine: Machine
  /** The project's folder. */
  readonly root: string
  /** What `--db` says. */
  readonly explicit: readonly string[]
  /** `{}` where it is broken; that is among the obstacles then. */
  readonly configuration: Configuration
  readonly volume: VolumeWish
  readonly databases: readonly Context[]
  /** What stood in the way of finding all this. */
  readonly obstacles: readonly Observation[]
}

export interface WhereToLook {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly explicit: readonly string[]
}

/** Find out what there is to look at. Never fails: what cannot be found out is an obstacle, and the rest goes on. */
export async function gather({ cwd, env, explicit }: WhereToLook): Promise<Surroundings> {
  const obstacles: Observation[] = []
  const root = findProjectRoot(cwd)
  const attempt = async <T>(subject: string, action: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await action()
    } catch (error) {
      const obstacle = obstacleFrom(error, subject)
      // A broken configuration stops the search for databases with the same words.
      if (!obstacles.some(({ message }) => message === obstacle.message)) obstacles.push(obstacle)
      return undefined
    }
  }
  const configuration = (await attempt('configuration', () => loadConfiguration(root))) ?? {}
  let paths: readonly string[] = explicit.filter((path) => path !== '').map((path) => resolve(cwd, path))
  await attempt('databases', async () => {
    try {
      paths = (await findDatabases({ cwd, env, explicit })).databases.map(({ path }) => path)
    } catch (error) {
      if (paths.length === 0) paths = listedIn(error)
      throw error
    }
  })
  const origins = await Promise.all(paths.map((path) => attempt(path, async () => resolveOrigin(path))))
  const volume = { configured: configuration.volume, env }
  const databases = [...new Set(origins.filter((origin) => origin !== undefined))].map((origin) => {
    return { places: placesOf(origin), engine: sqliteEngine, volume, report: () => undefined }
  })
  return { cwd, env, machine: thisMachine(), root, explicit, configuration, volume, databases, obstacles }
}

function obstacleFrom(error: unknown, subject: string): Observation {
  const isKnown = error instanceof DevshmError
  // A folder without a database is no fault of the machine, which can be looked at all the same.
  const level = isKnown && error.code === 'DATABASE_NOT_FOUND' ? 'warning' : 'problem'
  const remedy = isKnown ? error.hint : undefined
  return { level, subject, message: reasonOf(error), ...(remedy !== undefined && { remedy }) }
}

/** Where the choice between several is open, each of them is looked at. */
function listedIn(error: unknown): string[] {
  if (!(error instanceof DevshmError) || error.code !== 'DATABASE_AMBIGUOUS') return []
  const { databases } = error.details
  return Array.isArray(databases) ? databases.filter((path) => typeof path === 'string') : []
}
