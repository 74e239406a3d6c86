import { sqliteEngine } from '../engine/sqlite/index.ts'
import { DevshmError } from '../errors.ts'
import { withoutDjangoHook } from '../project/django-hook.ts'
import { findDatabases, type FoundDatabases } from '../project/find-databases.ts'
import type { Configuration } from '../project/configuration.ts'
import type { Context } from '../session/context.ts'
import type { Report } from '../session/events.ts'
import { contextOf } from '../session/contexts.ts'
import { resolveOrigin } from '../session/places.ts'
import { snapshotLimits, type SnapshotLimits } from '../snapshot/prune.ts'
import { cacheOf, ensureCache } from './cache.ts'
import type { Builder } from './build/build-missing.ts'
import type { ReportTemplate } from './events.ts'
import { planSetup, type Plan } from './plan.ts'

/** Which project, and whom to tell what happens. */
export interface WhichProject {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Paths of databases, relative to `cwd`: the others are left out. All of them, if empty. */
  readonly db: readonly string[]
  readonly report: Report
  readonly reportTemplate: ReportTemplate
}

export interface ProjectWithSetup {
  readonly root: string
  readonly configuration: Configuration
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
export async function openProject(options: WhichProject): Promise<ProjectWithSetup> {
  const { db, report, reportTemplate } = options
  // A template is the same inside a session and outside.
  const env = withoutDjangoHook(options.env)
  const { root, databases, configuration } = await findAll(options)
  const volume = { configured: configuration.volume, env }
  const contexts = new Map<string, Context>()
  for (const { name, path } of databases) {
    contexts.set(name, contextOf(resolveOrigin(path), volume, report))
  }
  const cache = cacheOf(env)
  ensureCache(cache)
  const named = databases.map(({ name, path }) => ({ name, origin: path }))
  return {
    root,
    configuration,
    builder: { cache, engine: sqliteEngine, contexts, report: reportTemplate },
    makePlan: () => planSetup({ root, env, databases: named, configuration, cache }),
    limits: snapshotLimits(configuration),
    selected: db.length === 0 ? contexts : await select(contexts, options),
  }
}

async function findAll({ cwd, env, db }: WhichProject): Promise<FoundDatabases> {
  try {
    return await findDatabases({ cwd, env, explicit: [] })
  } catch (error) {
    if (db.length === 0 || !(error instanceof DevshmError) || !error.code.startsWith('DATABASE_')) throw error
    return await findDatabases({ cwd, env, explicit: db })
  }
}

async function select(
  contexts: ReadonlyMap<string, Context>,
  { cwd, env, db }: WhichProject,
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
