import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ensureCache, cacheOf } from '../../../src/template/cache.ts'
import { planSetup, type Plan } from '../../../src/template/plan.ts'
import { createPlayground, type Outcome, type Playground } from '../../support/playground.ts'

const EXAMPLES = join(import.meta.dirname, '../../../examples')
const NODE_PROJECTS = join(EXAMPLES, 'node')

/** A copy of one of the projects in `examples/`, on disk, to be set up by its own migration tool. */
export interface ExampleProject extends Playground {
  /** Relative to the folder. */
  readonly database: string
  write(path: string, text: string): void
  /** Replace a piece of text, which must be there. */
  edit(path: string, from: string, to: string): void
  remove(path: string): void
  rename(from: string, to: string): void
  /** What devshm makes of the project as it is now. */
  plan(): Promise<Plan>
  /** A command line, as devshm runs a step. */
  shell(command: string, env?: NodeJS.ProcessEnv): Promise<Outcome>
  /** Rows of the database. */
  rows(sql: string): Record<string, unknown>[]
  /** Run devshm; it must succeed. */
  must(...args: string[]): Promise<Outcome>
}

/** @param example such as `node/knex`: its packages are those of `examples/node`, and so is its lock file */
export async function createExampleProject(example: string, database: string): Promise<ExampleProject> {
  const playground = await createPlayground()
  const { folder, env } = playground
  const at = (path: string): string => join(folder, path)
  cpSync(join(EXAMPLES, example), folder, { recursive: true })
  if (dirname(example) === 'node') {
    cpSync(join(NODE_PROJECTS, 'package-lock.json'), at('package-lock.json'))
    symlinkSync(join(NODE_PROJECTS, 'node_modules'), at('node_modules'))
  }
  const databases = { [basename(example)]: { path: database } }
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text)
  }
  write('devshm.config.json', JSON.stringify({ databases }))
  // That of the test runner would choose other settings.
  delete env['NODE_ENV']
  // Its tools must find the Node.js that the tests run on.
  env['PATH'] = `${dirname(process.execPath)}:${env['PATH']}`
  const cache = cacheOf(env)
  ensureCache(cache)
  const devshm = playground.devshm
  return {
    ...playground,
    database,
    write,
    edit(path, from, to) {
      const text = readFileSync(at(path), 'utf8')
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
      write(path, text.replace(from, to))
    },
    remove: (path) => rmSync(at(path)),
    rename(from, to) {
      write(to, readFileSync(at(from), 'utf8'))
      rmSync(at(from))
    },
    plan: async () => {
      const named = [{ name: basename(example), origin: at(database) }]
      return await planSetup({ root: folder, env, databases: named, configuration: { databases }, cache })
    },
    shell: async (command, more = {}) => {
      const settings = Object.entries(more).map(([name, value]) => `${name}=${value}`)
      return await playground.command('env', ...settings, 'sh', '-c', command)
    },
    rows: (sql) => playground.sql(sql, at(database)),
    must: async (...args) => {
      const outcome = await devshm(...args)
      if (outcome.status !== 0) throw new Error(`devshm ${args.join(' ')}: ${outcome.stdout}${outcome.stderr}`)
      return outcome
    },
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
}
