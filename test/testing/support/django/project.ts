import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findDjangoPython, type DjangoPython } from '../../../support/django/python.ts'
import { createPlayground, type Outcome, type Playground } from '../../../support/playground.ts'
import { FILES } from './files.ts'

/** What `devshm test` tells of a test database. */
export interface ToldDatabase {
  readonly alias: string
  readonly outcome: string
  readonly reason?: string
  readonly kept: boolean
  readonly differs?: readonly string[]
}

export interface TestOutcome extends Outcome {
  readonly databases: readonly ToldDatabase[]
}

/** A small project of Django's with tests, a cache of its own, and Debian's Python first on the path. */
export interface TestedProject extends Playground, DjangoPython {
  write(path: string, text: string): void
  edit(path: string, from: string, to: string): void
  /** `devshm test --json -- …`, which tells of every test database. */
  test(...command: string[]): Promise<TestOutcome>
  /** The same, of which this must be the outcome of each database, and its status 0. */
  expectTest(outcomes: readonly string[], ...command: string[]): Promise<TestOutcome>
  /** `manage.py test` with the project's Python, as words of a command. */
  manage(...args: string[]): string[]
  pytest(...args: string[]): string[]
}

let found: Promise<DjangoPython> | undefined

export async function createTestedProject(files: Readonly<Record<string, string>> = {}): Promise<TestedProject> {
  found ??= findDjangoPython()
  const { python, version } = await found
  const playground = await createPlayground()
  Object.assign(playground.env, { DEVSHM_EXPLAIN: '1', PATH: `${dirname(python)}:${playground.env['PATH'] ?? ''}` })
  const at = (path: string): string => join(playground.folder, path)
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text)
  }
  for (const [path, text] of Object.entries({ ...FILES, ...files })) write(path, text)
  const test = async (...command: string[]): Promise<TestOutcome> => {
    const outcome = await playground.devshm('test', '--json', '--', ...command)
    return { ...outcome, databases: toldIn(outcome.stderr) }
  }
  return {
    ...playground,
    python,
    version,
    write,
    edit(path, from, to) {
      const text = readFileSync(at(path), 'utf8')
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
      writeFileSync(at(path), text.replace(from, to))
    },
    test,
    async expectTest(outcomes, ...command) {
      const outcome = await test(...command)
      const found = outcome.databases.map((each) => each.outcome)
      if (outcome.status !== 0 || found.join() !== outcomes.join()) {
        const { status, stdout, stderr } = outcome
        throw new Error(`status ${status}, ${found.join()} instead of ${outcomes.join()}:\n${stdout}${stderr}`)
      }
      return outcome
    },
    manage: (...args) => [python, 'manage.py', 'test', '--noinput', ...args],
    pytest: (...args) => [python, '-m', 'pytest', '-p', 'no:cacheprovider', ...args],
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
}

function toldIn(stderr: string): ToldDatabase[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{"type":"test-database"'))
    .map((line) => JSON.parse(line) as ToldDatabase)
}

/** How many tests ran, as `manage.py test` says it. */
export function countOf({ stderr }: Outcome): number {
  return Number(/^Ran (\d+) tests? in /m.exec(stderr)?.[1])
}
