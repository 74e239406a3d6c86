import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createPlayground, type Outcome, type Playground } from '../../support/playground.ts'
import { install } from './installed.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PROJECTS = join(ROOT, 'examples/node')

/** How the test runner that runs this test, and CI, would change what another one does. */
const OF_THE_RUNNER = /^(VITEST.*|JEST.*|NODE_ENV|NODE_OPTIONS|CI|TEST|MODE|DEV|PROD|SSR|BASE_URL|FORCE_COLOR)$/

/** A copy of an example project of a test runner, with devshm and the packages of `examples/node` installed. */
export interface RunnerProject extends Playground {
  write(path: string, text: string): void
  remove(path: string): void
  /** The project's own test command, with more arguments. */
  test(...args: string[]): Promise<Outcome>
  /** The same; it must succeed. */
  pass(...args: string[]): Promise<void>
}

/** @param example such as `vitest` */
export async function createRunnerProject(
  example: string,
  published: { readonly folder: string },
): Promise<RunnerProject> {
  const playground = await createPlayground()
  const { folder, env } = playground
  const at = (path: string): string => join(folder, path)
  cpSync(join(PROJECTS, example), folder, { recursive: true })
  symlinkSync(join(PROJECTS, 'node_modules'), at('node_modules'))
  install(folder, published, 'vitest')
  // Runners transform what does not lie in `node_modules`, and what is linked lies elsewhere.
  for (const [name, from] of [
    ['devshm', published.folder],
    ['better-sqlite3', join(PROJECTS, 'drivers/better-sqlite3')],
  ] as const) {
    rmSync(at(`node_modules/${name}`))
    cpSync(from, at(`node_modules/${name}`), { recursive: true })
  }
  linkPrograms(at('node_modules/.bin'))
  for (const name of Object.keys(env)) if (OF_THE_RUNNER.test(name)) delete env[name]
  env['PATH'] = `${at('node_modules/.bin')}:${dirname(process.execPath)}:${env['PATH']}`
  env['NO_COLOR'] = '1'
  const test = (...args: string[]): Promise<Outcome> => playground.command('npm', 'test', '--silent', '--', ...args)
  return {
    ...playground,
    write(path, text) {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), text)
    },
    remove: (path) => rmSync(at(path)),
    test,
    async pass(...args) {
      const { status, stdout, stderr } = await test(...args)
      if (status !== 0) throw new Error(`the tests failed:\n${stdout}${stderr}`)
    },
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
}

function linkPrograms(folder: string): void {
  rmSync(folder)
  mkdirSync(folder)
  symlinkSync('../devshm/bin/devshm.cjs', join(folder, 'devshm'))
  symlinkSync(join(ROOT, 'node_modules/.bin/vitest'), join(folder, 'vitest'))
  for (const name of ['jest', 'knex']) symlinkSync(join(PROJECTS, 'node_modules/.bin', name), join(folder, name))
}

/** Where the databases of failed tests are kept, and the commands that compare them, as they are printed. */
export function keptIn(output: string): { path: string; command: string }[] {
  return [...output.matchAll(/is kept: (.+)\n\s*(devshm diff .+)/g)].map(([, path = '', command = '']) => ({
    path,
    command,
  }))
}
