import { cpus, loadavg, totalmem } from 'node:os'
import { DevshmError } from '../errors.ts'
import { lookThrough } from '../fs/look.ts'
import { explainingFailures } from '../session/explain-failure.ts'
import type { ProjectWithSetup } from '../template/open-project.ts'
import type { Plan } from '../template/plan.ts'
import type { Bench, Extent } from './bench.ts'
import { COPIED_UP_TO_BYTES, measureCommits } from './commits.ts'
import { openPlaces, type Places } from './places.ts'
import { valuesOf, type Machine, type Part, type PartName, type Report } from './report.ts'
import { measureSetup, openSetupRunner, type SetupRunner } from './setup.ts'
import { median, ratioOf } from './statistics.ts'
import type { Figures } from './levels.ts'
import { verdictOf } from './verdict.ts'

export interface WhatToMeasure extends Pick<Bench, 'env' | 'db' | 'program' | 'signal' | 'onMeasure'> {
  readonly project: ProjectWithSetup
  readonly parts: readonly PartName[]
  readonly extent: Extent
}

const TITLES: Readonly<Record<PartName, string>> = {
  commits: 'One commit',
  setup: 'The set-up',
  tests: 'The start of tests',
}

/**
 * Measure what devshm gains in a project, on private copies. The project's databases are only read, the cache of templates
 * is neither used nor filled, and nothing is left.
 *
 * A part that cannot be measured is left out, and says why.
 *
 * @throws {DevshmError} `INTERRUPTED`; `NO_SPACE`; `UNSAFE_FOLDER`
 */
export async function measure({ project, parts: wanted, ...options }: WhatToMeasure): Promise<Report> {
  const at = new Date().toISOString()
  const [load = 0] = loadavg()
  const contexts = [...project.builder.contexts.values()]
  const [first] = contexts
  if (first === undefined) throw new Error('a project has a database')
  const sizes = contexts.map(({ places }) => Number(lookThrough(places.origin)?.size ?? 0n))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const isCommitsAlone = wanted.every((name) => name === 'commits')
  await using places = await openPlaces(first, isCommitsAlone ? Math.min(bytes, COPIED_UP_TO_BYTES) : bytes)
  const bench: Bench = { ...options, project, places }
  await using shared = openShared(bench)
  const parts: Part[] = []
  for (const name of wanted) {
    parts.push(await orLeftOut(name, () => explainingFailures(first.places, () => measurePart(name, bench, shared))))
  }
  const machine = { ...describeMachine(places), load }
  const plan = await shared.plan().catch(() => undefined)
  const verdict = verdictOf(figuresOf(parts, machine, plan))
  return { root: project.root, at, machine, parts, verdict }
}

/** What several parts need: made for the first of them. */
interface Shared extends AsyncDisposable {
  plan(): Promise<Plan>
  runner(): Promise<SetupRunner>
}

function openShared(bench: Bench): Shared {
  let plan: Promise<Plan> | undefined
  let runner: Promise<SetupRunner> | undefined
  const makePlan = (): Promise<Plan> => (plan ??= bench.project.makePlan())
  return {
    plan: makePlan,
    runner: () => (runner ??= makePlan().then((each) => openSetupRunner(bench, each))),
    [Symbol.asyncDispose]: async () => {
      // Why it could not be opened was said where it was needed.
      await (await runner?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
}

async function measurePart(name: PartName, bench: Bench, shared: Shared): Promise<Part> {
  switch (name) {
    case 'commits':
      return await measureCommits(bench)
    case 'setup':
      return await measureSetup(bench, await shared.runner())
    case 'tests': {
      const plan = await shared.plan()
      if (plan.framework?.name !== 'django') {
        const { measureClones } = await import('./clone-tests.ts')
        return await measureClones(bench, await shared.runner())
      }
      const { measureDjangoTests } = await import('./django-tests.ts')
      return await measureDjangoTests(bench, plan)
    }
  }
}

async function orLeftOut(name: PartName, action: () => Promise<Part>): Promise<Part> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof DevshmError) || error.code === 'INTERRUPTED') throw error
    const { code, message, hint } = error
    // What a measurement cannot do is no failure; that the steps of a set-up do not work is one.
    const hasFailed = code !== 'UNSUPPORTED' && code !== 'NO_SETUP'
    const notes = hint === undefined ? [] : [hint]
    return { name, title: TITLES[name], rows: [], leftOut: message, notes, ...(hasFailed && { hasFailed }) }
  }
}

function describeMachine({ ram, diskIsRam }: Places): Omit<Machine, 'load'> {
  const processors = cpus()
  return {
    platform: process.platform,
    arch: process.arch,
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.versions.node,
    volume: ram?.volume,
    diskIsRam,
  }
}

function figuresOf(parts: readonly Part[], { platform, arch, diskIsRam }: Machine, plan: Plan | undefined): Figures {
  const of = (id: string): number | undefined => {
    const values = valuesOf(parts, id)
    return values === undefined ? undefined : median(values)
  }
  const places = (each: 'commit' | 'request'): Figures['commit'] => {
    const [disk, ram, wal] = [of(`${each}-disk`), of(`${each}-ram`), of(`${each}-wal`)]
    return disk === undefined || ram === undefined ? undefined : { disk, ram, wal }
  }
  const [commit, request] = [places('commit'), places('request')]
  const [disk, ram, reset] = [of('setup-disk'), of('setup-ram'), of('reset')]
  const [without, faster] = [of('tests-without'), of('tests-with')]
  return {
    ...(commit && { commit }),
    ...(request && { request }),
    ...(disk !== undefined && reset !== undefined && { setup: { disk, ram, reset } }),
    ...(without !== undefined && faster !== undefined && { tests: { without, with: faster } }),
    ratioOf: (over, under) => {
      const [a, b] = [valuesOf(parts, over), valuesOf(parts, under)]
      return a === undefined || b === undefined ? undefined : ratioOf(a, b)
    },
    testKind: plan?.framework?.name === 'django' ? 'django' : 'clone',
    ...(plan?.framework && { framework: plan.framework.name }),
    platform,
    arch,
    diskIsRam,
  }
}
