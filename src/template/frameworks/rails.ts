import { posix } from 'node:path'
import type { FindFramework, Framework, FrameworkInput, Project, SetupStep } from '../framework.ts'
import { databasesOf } from './rails/database-yml.ts'
import { filesOfRails, type RailsFiles } from './rails/files.ts'
import { routeOf, throwsAnyAway } from './rails/route.ts'
import { ruby } from './rails/ruby.ts'
import { dotEnvInputs } from './shared/dot-env.ts'
import { fileList } from './shared/file-list.ts'
import { asGlobs } from './shared/as-globs.ts'
import { inFolder } from './shared/in-folder.ts'
import { interpreter } from './shared/interpreter.ts'
import { isNumbered, whyNotNewest } from './shared/order.ts'
import { trace } from './shared/trace.ts'

/** Which gems, and in which environment, besides what the application itself reads. */
const VARIABLES = ['BUNDLE_GEMFILE', 'BUNDLE_WITHOUT', 'DATABASE_URL', 'RACK_ENV', 'RAILS_ENV', 'RBENV_VERSION']

/** A folder with a `Gemfile`, `bin/rails` and `config/application.rb`: the project's own, or the only one below it. */
export const findRails: FindFramework = async (project) => {
  const list = fileList(project.files)
  const [base, ...more] = project.files
    .filter((path) => posix.basename(path) === 'application.rb' && posix.basename(posix.dirname(path)) === 'config')
    .map((path) => posix.join(posix.dirname(path), '..').replace(/^\.$/, ''))
    // An engine has an application for its tests.
    .filter((folder) => !/(^|\/)(test|spec)\//.test(`${folder}/`))
    .filter((folder) => ['Gemfile', 'bin/rails'].every((name) => list.has(posix.join(folder, name))))
    .toSorted((a, b) => a.length - b.length)
  if (base === undefined || (base !== '' && more.length > 0)) return undefined
  const environment = project.env['RAILS_ENV'] ?? project.env['RACK_ENV'] ?? 'development'
  return describe(project, base, environment, filesOfRails(project, list, base, environment))
}

function describe(project: Project, base: string, environment: string, files: RailsFiles): Framework {
  const language = ruby(fileList(project.files), base)
  const byMigrations = trace(project, language, files.migrations)
  const byConfig = trace(project, language, files.config, (path) => path.includes('/app/') || path.startsWith('app/'))
  const bySeeds = trace(project, language, files.seeds)
  const ordered = files.migrations.filter(isNumbered)
  const isOrdered = new Set(ordered)

  const variables = [...new Set([...VARIABLES, ...byConfig.variables, ...byMigrations.variables])].toSorted()
  const fixed = new Set([...byConfig.files, ...byMigrations.files, ...files.installed])
  const inputs: FrameworkInput[] = [
    ...[...fixed].filter((path) => !isOrdered.has(path)).map((path) => ({ path, role: 'fixed' }) as const),
    ...ordered.map((path) => ({ path, role: 'ordered' }) as const),
    ...dotEnvInputs(project, base, environment, variables),
  ]
  const content = project.facts.derived(posix.join(base, 'config/database.yml'), 'text', (text) => [text])?.[0] ?? ''
  const route = routeOf(project, base, databasesOf(content, environment))
  const steps: SetupStep[] = [{ run: inFolder(base, 'bin/rails db:migrate'), inputs: [], incremental: true }]
  if (files.seeds.length > 0) {
    const seeded = [...new Set([...bySeeds.files, ...files.models])].toSorted()
    // Seeding refuses where migrations are pending, as they are in a database that was thrown away.
    const tasks = throwsAnyAway(route) ? 'db:migrate db:seed' : 'db:seed'
    steps.push({ run: inFolder(base, `bin/rails ${tasks}`), inputs: asGlobs(seeded), variables: bySeeds.variables })
  }
  return {
    name: 'rails',
    steps,
    inputs,
    packages: interpreter('ruby', project.env),
    variables,
    route,
    foldersAreIndependent: true,
    whyNotOnTop: (added) => whyNotNewest(ordered, added),
  }
}
