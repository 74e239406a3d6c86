import { posix } from 'node:path'
import type { Project } from '../../framework.ts'
import type { FileList } from '../shared/file-list.ts'

/** Files of an application by what they are for, relative to the project's folder. */
export interface RailsFiles {
  /** `db/schema.rb` is not among the configuration: `db:migrate` writes it, and is kept from reading it. */
  readonly config: readonly string[]
  readonly migrations: readonly string[]
  /** Empty where `db/seeds.rb` has no code. */
  readonly seeds: readonly string[]
  /** What seeds are written through: validations and callbacks decide with them. */
  readonly models: readonly string[]
  /** What is installed. */
  readonly installed: readonly string[]
}

const CONFIG = ['application.rb', 'boot.rb', 'database.yml', 'environment.rb']
const INSTALLED = ['Gemfile', 'Gemfile.lock', '.ruby-version', '.tool-versions', 'mise.toml']
/** Those of several databases lie in `db/NAME_migrate`, those of an engine in its own `db/migrate`. */
const MIGRATION = /(^|\/)db\/(\w+_)?migrate\/(.*\/)?[^/]+\.rb$/

export function filesOfRails(project: Project, list: FileList, base: string, environment: string): RailsFiles {
  const at = (path: string): string => posix.join(base, path)
  const below = (folder: string, ending: string): readonly string[] =>
    list.below(at(folder)).filter((path) => path.endsWith(ending))
  const has = (path: string, pattern: RegExp): boolean =>
    project.facts.derived(path, `has ${pattern.source}`, (text) => (pattern.test(text) ? ['yes'] : []))?.[0] === 'yes'

  const settings = [...CONFIG, `environments/${environment}.rb`].map((name) => at(`config/${name}`))
  // A task may add to what `db:migrate` does.
  const tasks = [at('Rakefile'), ...below('lib/tasks', '.rake')].filter((path) => list.has(path) && has(path, /\bdb:/))
  const paths = migrationPaths(project, at('config/database.yml')).map(at)
  const named = paths.flatMap((folder) => list.below(folder)).filter((path) => path.endsWith('.rb'))
  const seeds = at('db/seeds.rb')
  return {
    config: [...settings.filter(list.has), ...below('config/initializers', '.rb'), ...tasks],
    migrations: [
      ...new Set([...list.below(base).filter((path) => MIGRATION.test(path) && !isOfTests(path)), ...named]),
    ],
    seeds: has(seeds, /^\s*[^#\s]/m) ? [seeds, ...list.below(at('db/seeds'))] : [],
    models: below('app/models', '.rb'),
    installed: INSTALLED.map(at).filter(list.has),
  }
}

function migrationPaths(project: Project, databaseYml: string): readonly string[] {
  const read = (text: string): string[] =>
    [...text.matchAll(/^\s*migrations_paths:\s*(.+)$/gm)].flatMap(([, value = '']) => value.match(/[\w./-]+/g) ?? [])
  return project.facts.derived(databaseYml, 'migrations_paths 1', read) ?? []
}

function isOfTests(path: string): boolean {
  return /(^|\/)(test|spec)\//.test(path)
}
