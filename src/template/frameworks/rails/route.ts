import { posix, resolve } from 'node:path'
import type { Project, Route } from '../../framework.ts'
import type { RailsDatabase } from './database-yml.ts'

/**
 * What keeps Rails' hands off everything but the databases that it is led to: `db:migrate` does not write the project's
 * `db/schema.rb`, nor annotate its models.
 */
const FOR_STEPS = { SCHEMA: '{folder}/schema.rb', ANNOTATE_SKIP_ON_DB_MIGRATE: '1' } as const

/** A Spring server was started with another environment. */
const ALWAYS = { DISABLE_SPRING: '1' } as const

/** What a variable for a database to throw away begins with. */
const AWAY = 'sqlite3:{folder}/'

/**
 * `DATABASE_URL` goes over what `config/database.yml` says of the only database, `NAME_DATABASE_URL` over one of several
 * (Rails 6.1 and newer). Of several, those that devshm does not keep are led to files that are thrown away.
 *
 * @param databases of the environment, or `undefined` where the file could not be read
 */
export function routeOf(project: Project, base: string, databases: readonly RailsDatabase[] | undefined): Route {
  const [only, ...more] = databases ?? []
  if (only === undefined || databases?.some(({ adapter }) => adapter !== 'sqlite3')) return { kind: 'in-place' }
  // A URL of its own wins over the variables, unless it is one of them.
  const hasUrl = databases?.some(({ url }) => url !== undefined && !/ENV.*['"]\w*DATABASE_URL['"]/.test(url))
  if (hasUrl === true) return { kind: 'in-place' }
  const led = (variables: Record<string, string>): Route => ({
    kind: 'variables',
    variables: { ...ALWAYS, ...variables },
    forSteps: FOR_STEPS,
  })
  if (more.length === 0) return led({ DATABASE_URL: 'sqlite3:{path}' })

  const known = new Map(project.databases.map(({ name, origin }) => [origin, name]))
  const urls = [only, ...more].map(({ name, path }) => {
    const ours = path === undefined ? undefined : known.get(resolve(project.root, base, path))
    return {
      name,
      url: ours === undefined ? `${AWAY}${name}.sqlite3` : `sqlite3:{path:${ours}}`,
      isOurs: ours !== undefined,
    }
  })
  if (urls.every(({ isOurs }) => !isOurs) || isBeforeNamedVariables(project, base)) return { kind: 'in-place' }
  return led(Object.fromEntries(urls.map(({ name, url }) => [`${name.toUpperCase()}_DATABASE_URL`, url])))
}

/** Whether there is a database that the steps make anew each time. */
export function throwsAnyAway(route: Route): boolean {
  return route.kind === 'variables' && Object.values(route.variables).some((value) => value.startsWith(AWAY))
}

function isBeforeNamedVariables(project: Project, base: string): boolean {
  const read = (content: string): string[] => /^ {4}activerecord \((\d+\.\d+)/m.exec(content)?.slice(1) ?? []
  const [version] = project.facts.derived(posix.join(base, 'Gemfile.lock'), 'version of activerecord 1', read) ?? []
  return version !== undefined && Number(version) < 6.1
}
