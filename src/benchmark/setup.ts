import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError } from '../errors.ts'
import { quoted } from '../fs/quoted.ts'
import { runOnWorkplace } from '../template/build/build-layer.ts'
import { guardDatabases, type Guard } from '../template/build/guard.ts'
import { runStep } from '../template/build/run-step.ts'
import { openWorkplaceIn, type Workplace } from '../template/build/workplace.ts'
import { databaseIn } from '../template/layer.ts'
import type { Plan } from '../template/plan.ts'
import { roundsOptions, type Bench } from './bench.ts'
import type { Part, Row } from './report.ts'
import { ONCE_MORE, writeResetOrders } from './reset-once.ts'
import { measureInRounds, type Contender, type Sample } from './rounds.ts'
import { sayMs } from './say-times.ts'

/** What the set-up has made, as private, closed files by the names of the plan. */
export interface MadeDatabases {
  readonly paths: ReadonlyMap<string, string>
  /** How long the set-up ran for it, on disk, in milliseconds. */
  readonly ms: number
}

/** Runs the set-up of a project in private places, as by hand: from nothing, all steps, without the cache. */
export interface SetupRunner extends AsyncDisposable {
  readonly plan: Plan
  readonly hasRam: boolean
  /** @returns what each step took, by its number from 1, and all of them */
  run(where: 'disk' | 'ram'): Promise<Sample>
  /** What the set-up makes; it is run for that, on disk, unless it was. */
  made(): Promise<MadeDatabases>
}

/**
 * @throws {DevshmError} `UNSUPPORTED`: nothing leads the steps to private databases but the path of the user's own, which
 *   is not lent for a measurement
 */
export async function openSetupRunner({ project, places, signal }: Bench, plan: Plan): Promise<SetupRunner> {
  if (plan.route.kind === 'in-place') throw notLed()
  const { engine, cache, contexts } = project.builder
  await using cleanUp = new AsyncDisposableStack()
  const disk = cleanUp.use(await openWorkplaceIn({ path: places.disk.base }, cache, contexts))
  const ram = places.ram && cleanUp.use(await openWorkplaceIn({ path: places.ram.base }, cache, contexts))
  let guard: Guard | undefined
  let made: MadeDatabases | undefined

  const runIn = async (place: Workplace): Promise<{ sample: Sample; databases: ReadonlyMap<string, string> }> => {
    guard ??= await guardDatabases([...contexts.values()], disk.folder, signal)
    await place.startFrom(undefined)
    const sample: Record<string, number> = {}
    let databases: ReadonlyMap<string, string> = new Map()
    for (const planned of plan.layers) {
      const options = { engine, guard, signal, mustWrite: planned.index === 0 }
      const done = await runOnWorkplace(plan, planned, place, options)
      sample[String(planned.index + 1)] = done.ms
      databases = done.databases
    }
    sample['all'] = Object.values(sample).reduce((sum, ms) => sum + ms, 0)
    return { sample, databases }
  }
  const keep = async (databases: ReadonlyMap<string, string>, ms: number): Promise<MadeDatabases> => {
    const folder = join(places.disk.folder, 'made')
    mkdirSync(folder, { mode: 0o700 })
    const paths = new Map<string, string>()
    for (const [name, path] of databases) {
      const to = databaseIn(folder, name)
      using pinned = await engine.pin(path)
      await pinned.copyTo(to, 0o600)
      // As a template is kept: one plain file.
      await engine.setJournalMode(to, 'rollback')
      paths.set(name, to)
    }
    return { paths, ms }
  }
  const onDisk = async (): Promise<Sample> => {
    const { sample, databases } = await runIn(disk)
    made ??= await keep(databases, sample['all'] ?? 0)
    return sample
  }
  const resources = cleanUp.move()
  return {
    plan,
    hasRam: ram !== undefined,
    run: async (where) => (where === 'ram' && ram !== undefined ? (await runIn(ram)).sample : await onDisk()),
    made: async () => {
      if (made === undefined) await onDisk()
      if (made === undefined) throw new Error('the set-up made nothing')
      return made
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function notLed(): DevshmError {
  return new DevshmError('UNSUPPORTED', 'nothing leads the steps of the set-up to a private database', {
    hint: 'name the variables that do under "env" in devshm.config.json; the path of your own is not lent for a measurement',
  })
}

/** The set-up as by hand, on disk and in RAM, against `devshm reset`. */
export async function measureSetup(bench: Bench, runner: SetupRunner): Promise<Part> {
  const { plan, hasRam } = runner
  const run = async (where: 'disk' | 'ram'): Promise<Sample> => {
    const sample = await runner.run(where)
    return Object.fromEntries(Object.entries(sample).map(([step, ms]) => [`setup-${where}-${step}`, ms]))
  }
  const reset = resetting(bench, runner)
  const contenders: Contender[] = [
    { name: 'the set-up, on disk', measure: () => run('disk') },
    ...(hasRam ? [{ name: 'the set-up, in RAM', measure: () => run('ram'), isOptional: true }] : []),
    { name: 'devshm reset', measure: async () => ({ reset: await reset() }) },
  ]
  const options = roundsOptions(bench, 'setup')
  const { values, skipped } = await measureInRounds(contenders, options)
  const resets = [...(values.get('reset') ?? [])]
  // It takes no time: a set-up that was measured once is no reason to trust a single reset.
  while (resets.length < Math.min(options.runs, 3)) resets.push(await reset())
  const rows = [...rowsOf(plan, 'disk', values), ...rowsOf(plan, 'ram', values)]
  rows.push({ id: 'reset', label: 'devshm reset', medium: 'template', values: resets, comparedTo: 'setup-disk' })
  return { name: 'setup', title: 'The set-up', rows, notes: notesOf(skipped, values, options.runs) }
}

function rowsOf({ layers }: Plan, where: 'disk' | 'ram', values: ReadonlyMap<string, readonly number[]>): Row[] {
  const all = values.get(`setup-${where}-all`)
  if (all === undefined) return []
  const said = where === 'disk' ? 'on disk' : 'in RAM'
  const compared = (id: string): Pick<Row, 'comparedTo'> => (where === 'disk' ? {} : { comparedTo: id })
  const steps = layers.map(({ run, index }): Row => {
    const id = (place: string): string => `setup-${place}-${index + 1}`
    const label = `${index + 1}. ${run}, ${said}`
    return { id: id(where), label, medium: where, values: values.get(id(where)) ?? [], ...compared(id('disk')) }
  })
  const only = layers.length === 1 ? layers[0] : undefined
  const whole: Row = {
    id: `setup-${where}`,
    label: `${only === undefined ? 'the whole set-up' : only.run}, ${said}`,
    medium: where,
    values: all,
    ...compared('setup-disk'),
  }
  return only === undefined ? [...steps, whole] : [whole]
}

function notesOf(skipped: readonly string[], values: ReadonlyMap<string, readonly number[]>, runs: number): string[] {
  const all = values.get('setup-disk-all') ?? []
  const notes = ['From nothing, with no cache, as by hand; the reset is the whole command, on disk.']
  if (all.length < runs && all.length === 1) notes.push(`It was measured once, since it takes ${sayMs(all[0] ?? 0)}.`)
  if (skipped.length > 0) notes.push(`There was no time for ${skipped.join(', ')}; --runs 1 takes it.`)
  return notes
}

/** @returns how long a whole `devshm reset` takes, in milliseconds, on private databases that differ from the template */
function resetting({ project, places, db, program, env, signal }: Bench, runner: SetupRunner): () => Promise<number> {
  const folder = join(places.disk.folder, 'reset')
  const log = join(places.disk.folder, 'reset.log')
  const run = [...program, ONCE_MORE, folder, ...db.flatMap((path) => ['--db', path])].map(quoted).join(' ')
  return async () => {
    const { paths } = await runner.made()
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
    const databases = [...paths].map(([name, from]) => ({ from, to: databaseIn(folder, name) }))
    writeResetOrders(folder, databases)
    const { engine } = project.builder
    // Something that is to be taken back.
    for (const { to } of databases) await engine.timeCommits(to, { each: 'commit', forMs: 0, signal })
    const started = performance.now()
    await runStep({ run, cwd: project.root, env, log, what: 'a reset of private databases', signal })
    return performance.now() - started
  }
}
