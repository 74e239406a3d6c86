import { expect, test } from 'vitest'
import type { Route } from '../../framework.ts'
import { projectOf } from '../shared/project-for-tests.ts'
import { databasesOf } from './database-yml.ts'
import { routeOf } from './route.ts'

const project = (): ReturnType<typeof projectOf> => projectOf({ Gemfile: '' })

function routeFor(yaml: string): Route {
  return routeOf(project(), '', databasesOf(yaml, 'development'))
}

function variablesFor(yaml: string): Readonly<Record<string, string>> | undefined {
  const route = routeFor(yaml)
  return route.kind === 'variables' ? { ...route.variables, ...route.forSteps } : undefined
}

test('the only database is led away by DATABASE_URL, and what migrating would write into the project as well', () => {
  const yaml = `
default: &default
  adapter: sqlite3
  pool: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>  # threads

development:
  <<: *default
  database: <%= ENV.fetch("SHOP_DB", "dev.sqlite3") %>
production:
  <<: *default
  database: db/production.sqlite3
`
  expect(variablesFor(yaml)).toMatchObject({ DATABASE_URL: 'sqlite3:{path}', SCHEMA: '{folder}/schema.rb' })
})

test('of several databases each has its variable, and those that devshm does not keep are thrown away', () => {
  const yaml = `
default: &default
  adapter: sqlite3
development:
  primary: &primary
    <<: *default
    database: dev.sqlite3
  primary_replica:
    <<: *primary
    replica: true
  queue:
    <<: *default
    database: "storage/queue.sqlite3"
    migrations_paths: db/queue_migrate
`
  expect(variablesFor(yaml)).toMatchObject({
    PRIMARY_DATABASE_URL: 'sqlite3:{path:default}',
    PRIMARY_REPLICA_DATABASE_URL: 'sqlite3:{path:default}',
    QUEUE_DATABASE_URL: 'sqlite3:{folder}/queue.sqlite3',
  })
})

test.each([
  ['another kind of database', 'development:\n  adapter: postgresql\n  database: shop\n'],
  [
    'one of them of another kind',
    'development:\n  a:\n    adapter: sqlite3\n    database: dev.sqlite3\n  b:\n    adapter: mysql2\n',
  ],
  ['a URL of its own', 'development:\n  adapter: sqlite3\n  url: sqlite3:elsewhere.sqlite3\n'],
  [
    'several, none of which devshm keeps',
    'development:\n  a:\n    adapter: sqlite3\n    database: x.sqlite3\n  b:\n    adapter: sqlite3\n    database: y.sqlite3\n',
  ],
  ['another environment only', 'production:\n  adapter: sqlite3\n'],
  ['more than can be read', '<% if true %>\ndevelopment:\n  adapter: sqlite3\n<% end %>\n'],
])('in place with %s', (_what, yaml) => {
  expect(routeFor(yaml)).toEqual({ kind: 'in-place' })
})
