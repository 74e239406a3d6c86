import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError } from '../errors.ts'
import { quoted } from '../fs/quoted.ts'
import { pathsTo } from '../template/build/lead.ts'
import { runStep } from '../template/build/run-step.ts'
import { cacheOf, ensureCache } from '../template/cache.ts'
import { djangoHookVariables, type Lead } from '../template/frameworks/django/hook.ts'
import { locateDjango } from '../template/frameworks/django/locate.ts'
import { findPython } from '../template/frameworks/django/python.ts'
import { announceBase, writeBase } from '../template/frameworks/django/tests/base.ts'
import { findBase } from '../template/frameworks/django/tests/find-base.ts'
import { locateTests } from '../template/frameworks/django/tests/locate.ts'
import { testDatabaseEvents } from '../template/frameworks/django/tests/reports.ts'
import { lookAtProject } from '../template/look-at-project.ts'
import type { Plan } from '../template/plan.ts'
import { readAsset } from './asset.ts'
import { roundsOptions, type Bench } from './bench.ts'
import type { Part } from './report.ts'
import { measureInRounds } from './rounds.ts'

/** Where and how test databases are made, without the user's cache and databases. */
interface Places {
  readonly folder: string
  readonly root: string
  readonly cwd: string
  readonly python: string
  readonly env: NodeJS.ProcessEnv
  readonly leads: readonly Lead[]
}

/**
 * Django's own `create_test_db`, as it is and as with `devshm test`. Templates are kept in a cache of its own; what a
 * migration does to the user's databases is led to private ones.
 *
 * @throws {DevshmError} `UNSUPPORTED`: the test databases are not in memory, or cannot be filled from templates;
 *   `STEP_FAILED`: they cannot be made
 */
export async function measureDjangoTests(bench: Bench, plan: Plan): Promise<Part> {
  const places = await placesOf(bench, plan)
  const withTemplates = async (): Promise<{ ms: number; outcomes: readonly string[] }> => {
    return await inFolder(places, (folder) => createWithTemplates(places, folder, bench))
  }
  // Makes the templates.
  bench.onMeasure('test databases, for the first time', 0, 0)
  await withTemplates()
  const { values } = await measureInRounds(
    [
      {
        name: 'test databases, as ever',
        measure: async () => ({
          'tests-without': await inFolder(places, async (folder) => {
            const variables = await djangoHookVariables(places.env, places.leads, folder)
            return await create(places, folder, variables, bench)
          }),
        }),
      },
      {
        name: 'test databases, from templates',
        measure: async () => {
          const { ms, outcomes } = await withTemplates()
          const other = outcomes.find((outcome) => outcome !== 'hit')
          if (other !== undefined || outcomes.length === 0) throw unused(other)
          return { 'tests-with': ms }
        },
      },
    ],
    roundsOptions(bench, 'tests'),
  )
  return {
    name: 'tests',
    title: 'The start of tests',
    rows: [
      {
        id: 'tests-without',
        label: 'test databases, migrated by Django',
        medium: 'ram',
        values: values.get('tests-without') ?? [],
      },
      {
        id: 'tests-with',
        label: 'test databases, with devshm test',
        medium: 'template',
        values: values.get('tests-with') ?? [],
        comparedTo: 'tests-without',
      },
    ],
    notes: ['`create_test_db` alone, in memory; the start of Python and Django comes on top of both.'],
  }
}

async function placesOf({ project, places, env: outer }: Bench, { root, databases }: Plan): Promise<Places> {
  const folder = join(places.disk.folder, 'tests')
  mkdirSync(folder, { mode: 0o700 })
  const env = { ...outer, DEVSHM_CACHE: join(folder, 'cache') }
  ensureCache(cacheOf(env))
  const look = lookAtProject({ root, env: outer, databases, cache: project.builder.cache })
  const location = locateDjango(look)
  if (location === undefined) throw new DevshmError('UNSUPPORTED', 'there is no manage.py of Django')
  const leads = await Promise.all(
    databases.map(async ({ name, origin }, index) => {
      return {
        from: await pathsTo(origin, project.builder.contexts.get(name)),
        to: join(folder, `led-${index}.sqlite3`),
      }
    }),
  )
  const settings = location.settingsModule === undefined ? {} : { DJANGO_SETTINGS_MODULE: location.settingsModule }
  const python = findPython(look, location).command
  return { folder, root, cwd: join(root, location.folder), python, env: { ...env, ...settings }, leads }
}

async function createWithTemplates(
  places: Places,
  folder: string,
  bench: Bench,
): Promise<{ ms: number; outcomes: readonly string[] }> {
  const { env, root, cwd, leads } = places
  const cache = cacheOf(env)
  const tests = { folder, cache: cache.home, pid: process.pid }
  const variables = await djangoHookVariables(env, leads, folder, { tests })
  const location = locateTests({ root, cwd, command: ['manage.py', 'test'], env })
  announceBase(folder)
  const looking = writeBase(folder, async () => findBase(root, env, location))
  try {
    const ms = await create(places, folder, variables, bench)
    return { ms, outcomes: testDatabaseEvents(cache, folder).map(({ outcome, reason }) => reason ?? outcome) }
  } finally {
    await looking
  }
}

async function create(
  { cwd, env, python }: Places,
  folder: string,
  variables: Readonly<Record<string, string>>,
  { signal }: Bench,
): Promise<number> {
  const output = join(folder, 'found.json')
  const script = join(folder, 'time_test_databases.py')
  writeFileSync(script, readAsset('time_test_databases.py'), { mode: 0o600 })
  const run = [python, script, output].map(quoted).join(' ')
  const what = "making Django's test databases"
  await runStep({ run, cwd, env: { ...env, ...variables }, log: join(folder, 'output.log'), what, signal })
  const found = JSON.parse(readFileSync(output, 'utf8')) as { ms: number } | { reason: string }
  if ('ms' in found) return found.ms
  throw new DevshmError('UNSUPPORTED', `${found.reason}, and is not touched for a measurement`)
}

async function inFolder<T>({ folder }: Places, action: (folder: string) => Promise<T>): Promise<T> {
  const own = mkdtempSync(join(folder, 'run-'))
  try {
    return await action(own)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

function unused(why: string | undefined): DevshmError {
  const reason = why === undefined ? 'Django made none that devshm saw' : why
  return new DevshmError('UNSUPPORTED', `templates of the test databases are not used: ${reason}`, {
    hint: 'DEVSHM_EXPLAIN=1 devshm test -- … says why for each of them',
  })
}
