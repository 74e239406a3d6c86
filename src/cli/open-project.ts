import { sqliteEngine } from '../engine/sqlite/index.ts'
import { DevshmError } from '../errors.ts'
import { findDatabases, type FoundDatabases } from '../project/find-databases.ts'
import type { Context } from '../session/context.ts'
import { contextOf } from '../session/contexts.ts'
import { resolveOrigin } from '../session/places.ts'
import { snapshotLimits, type SnapshotLimits } from '../snapshot/prune.ts'
import { cacheOf, ensureCache } from '../template/cache.ts'
import type { Builder } from '../template/build/build-missing.ts'
import { planSetup, type Plan } from '../template/plan.ts'
import type { CommonOptions } from './options.ts'
import { reporter } from './reporter.ts'
import { templateReporter } from './template-reporter.ts'

export interface ProjectWithSetup {
  readonly builder: Builder
  readonly makePlan: () => Promise<Plan>
  /** The databases that the user means, by their names in the plan; `--db` can leave some out. */
  readonly selected: ReadonlyMap<string, Context>
  readonly limits: SnapshotLimits
}

/**
 * All databases of a project and how they are set up. The set-up is always of all of them: its steps would otherwise
 * write to one that was left out.
 */
export async function openProject(options: CommonOptions): Promise<ProjectWithSetup> {
  const { cwd, env, db } = options
  const { root, databases, configuration } = await findAll(options)
  const volume = { configured: configuration.volume, env }
  const report = reporter(options)
  const contexts = new Map<string, Context>()
  for (const { name, path } of databases) {
    contexts.set(name, contextOf(resolveOrigin(path), volume, report))
  }
  const cache = cacheOf(env)
  ensureCache(cache)
  const named = databases.map(({ name, path }) => ({ name, origin: path }))
  return {
    builder: { cache, engine: sqliteEngine, contexts, report: templateReporter(options) },
    makePlan: () => planSetup({ root, env, databases: named, configuration, cache }),
    limits: snapshotLimits(configuration),
    selected: db.length === 0 ? contexts : await select(contexts, options, cwd),
  }
}

async function findAll({ cwd, env, db }: CommonOptions): Promise<FoundDatabases> {
  try {
    return await findDatabases({ cwd, env, explicit: [] })
  } catch (error) {
    if (db.length === 0 || !(error instanceof DevshmError) || !error.code.startsWith('DATABASE_')) throw error
    return await findDatabases({ cwd, env, explicit: db })
  }
}

async function select(
  contexts: ReadonlyMap<string, Context>,
  { env, db }: CommonOptions,
  cwd: string,
): Promise<Map<string, Context>> {
  const { databases } = await findDatabases({ cwd, env, explicit: db })
  const wanted = new Set(databases.map(({ path }) => resolveOrigin(path)))
  const selected = [...contexts].filter(([, { places }]) => wanted.delete(places.origin))
  const [unknown] = wanted
  if (unknown !== undefined) {
    throw new DevshmError('DATABASE_NOT_FOUND', `${unknown} is not one of the databases that this project sets up`, {
      hint: `they are ${[...contexts.values()].map(({ places }) => places.origin).join(', ')}; more can be named under "databases" in devshm.config.json`,
      details: { path: unknown },
    })
  }
  return new Map(selected)
}
