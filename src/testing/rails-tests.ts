import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { sqliteEngine } from '../engine/sqlite/index.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { contextOf } from '../session/contexts.ts'
import { resolveOrigin } from '../session/places.ts'
import { fillVariables } from '../template/fill-variables.ts'
import { databasesOf } from '../template/frameworks/rails/database-yml.ts'
import { obtainTemplate, type Template } from '../template/obtain.ts'
import { planSetup, type Plan } from '../template/plan.ts'
import { copyTemplate } from './copy-template.ts'
import type { FindTestRoute } from '../template/test-route.ts'

/** What runs tests of Ruby, or may do so. Anything else (a browser's tests, a script) gets a clone. */
const OF_RUBY = /^(?:rails|rake|rspec|ruby[\d.]*|bundle|m|make|just)$|\b(?:rails|rspec)\s/

/** `SCHEMA` keeps other steps from writing the project's file; this one reads it. */
const LOAD_SCHEMA = 'env -u SCHEMA bin/rails db:schema:load'

/**
 * Lead Rails' test databases into RAM for as long as a command runs, with the schema loaded: from a template, for the main
 * process and for its parallel workers. The template holds the hash of the schema's file, so Rails itself sees that there
 * is nothing to load, or loads it as ever.
 *
 * @returns `undefined` where the command is not about a Rails application on SQLite that has a schema file
 */
export const findRailsTests: FindTestRoute = async ({ command, cwd, folder, cache, report, ...what }) => {
  if (!command.some((word) => OF_RUBY.test(basename(word)))) return undefined
  const root = findProjectRoot(cwd)
  const databases = testDatabasesOf(root)
  const inputs = schemaFilesOf(root)
  if (databases.length === 0 || inputs.length === 0) return undefined

  const env = { ...what.env, RAILS_ENV: 'test' }
  const setup = [{ run: LOAD_SCHEMA, inputs }]
  const makePlan = (): Promise<Plan> => planSetup({ root, env, databases, configuration: { setup }, cache })
  const { route } = await makePlan()
  if (route.kind !== 'variables') return undefined
  const contexts = new Map<string, ReturnType<typeof contextOf>>()
  for (const { name, origin } of databases) {
    contexts.set(
      name,
      contextOf(resolveOrigin(origin), { env }, () => undefined),
    )
  }
  const pathOf = (name: string): string => join(folder, `${name}.sqlite3`)
  {
    using template = await obtainTemplate(makePlan, { cache, engine: sqliteEngine, contexts, report })
    for (const { name } of databases) await copyForWorkers(template, name, pathOf(name), env)
  }
  return {
    variables: fillVariables(route.variables, { first: databases[0]?.name ?? '', pathOf, folder }),
    started: () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/** The workers' as `ActiveRecord::TestDatabases` calls them; what is missing Rails makes by itself. */
async function copyForWorkers(template: Template, name: string, path: string, env: NodeJS.ProcessEnv): Promise<void> {
  const from = template.pathOf(name)
  if (from === undefined) return
  const count = Number(env['PARALLEL_WORKERS'] ?? availableParallelism())
  const workers = Array.from({ length: Number.isInteger(count) && count > 1 ? count : 0 }, (_, number) => `-${number}`)
  for (const suffix of ['', ...workers]) {
    await copyTemplate(from, `${path}${suffix}`, template.layer.databases[name]?.bytes ?? 0)
  }
}

function testDatabasesOf(root: string): { name: string; origin: string }[] {
  const file = join(root, 'config/database.yml')
  if (!existsSync(file) || !existsSync(join(root, 'bin/rails'))) return []
  const databases = databasesOf(readFileSync(file, 'utf8'), 'test') ?? []
  return databases.flatMap(({ name, adapter, path }) =>
    adapter === 'sqlite3' && path !== undefined ? [{ name, origin: resolve(root, path) }] : [],
  )
}

/** `schema.rb`, `structure.sql`, and those of several databases, relative to the project. */
function schemaFilesOf(root: string): string[] {
  const folder = join(root, 'db')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => /(^|_)(schema\.rb|structure\.sql)$/.test(name)).map((name) => `db/${name}`)
}
