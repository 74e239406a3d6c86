import { hash } from 'node:crypto'
import { DevshmError } from '../errors.ts'
import type { Configuration } from '../project/configuration.ts'
import type { Cache } from './cache.ts'
import { findFramework } from './frameworks/index.ts'
import type { Framework, InputRole, Project, Route, SetupStep } from './framework.ts'
import type { Input } from './inputs/input.ts'
import { globsThatMatchNothing, matchInputs } from './inputs/match-inputs.ts'
import { FORMAT } from './layer.ts'
import { lookAtProject } from './look-at-project.ts'

/** What is to be built, and under which fingerprints. Nothing was run to find that out. */
export interface Plan {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly databases: Project['databases']
  readonly framework: Framework | undefined
  readonly route: Route
  /** At least one, the lowest first. */
  readonly layers: readonly [PlannedLayer, ...PlannedLayer[]]
  /** Globs of the configuration that match no file: most likely a mistake. */
  emptyGlobs(): string[]
}

export interface PlannedLayer {
  readonly index: number
  readonly run: string
  readonly isIncremental: boolean
  readonly fingerprint: string
  readonly lineage: string
  readonly below: string | undefined
  readonly inputs: readonly Input[]
  /** Hashes of their values. */
  readonly variables: Readonly<Record<string, string>>
  readonly packages: readonly string[]
}

export interface WhatToPlan {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly databases: Project['databases']
  readonly configuration: Configuration
  readonly cache: Cache
}

/**
 * Find the steps that set a project's databases up, and the fingerprint of what each of them will have made.
 *
 * A layer's fingerprint is that of the layer below, the command, the values of the variables it names, the content of
 * its inputs, what the framework adds to the first of them, the names of the databases, and {@link FORMAT}. A step that
 * names no inputs depends on every file of the project: when in doubt, it misses.
 *
 * @throws {DevshmError} `NO_SETUP`: nothing says how the databases are set up
 */
export async function planSetup({ root, env, databases, configuration, cache }: WhatToPlan): Promise<Plan> {
  const globs = (configuration.setup ?? []).flatMap(({ inputs = [] }) => inputs)
  const project = lookAtProject({ root, env, databases, cache, globs })
  const { files, facts } = project
  const framework = await findFramework(project)
  const steps = configuration.setup ?? framework?.steps ?? []
  const byFramework = new Map(framework?.inputs.map((input) => [input.path, input]))

  const inputsOf = (step: Partial<SetupStep>, index: number): Input[] => {
    const named = step.inputs === undefined ? files : matchInputs(files, step.inputs)
    const paths = new Set(index === 0 ? [...named, ...byFramework.keys()] : named)
    const usual: InputRole = step.incremental === true && step.inputs !== undefined ? 'ordered' : 'fixed'
    return [...paths].toSorted().flatMap((path) => {
      const { role = usual, hash: part } = byFramework.get(path) ?? {}
      const content = part ?? facts.hashOf(path)
      return content === undefined ? [] : [{ path, hash: content, role }]
    })
  }

  const layers: PlannedLayer[] = []
  for (const [index, step] of steps.entries()) {
    const below = layers.at(-1)?.fingerprint
    const inputs = inputsOf(step, index)
    const packages = index === 0 ? (framework?.packages ?? []) : []
    const names = [...(step.variables ?? []), ...(index === 0 ? (framework?.variables ?? []) : [])]
    const variables = valuesOf(names, env)
    const databaseNames = databases.map(({ name }) => name).toSorted()
    const lineage = digest([FORMAT, below ?? null, step.run, packages, variables, databaseNames])
    const fingerprint = digest([lineage, inputs.map(({ path, hash: content }) => [path, content])])
    const isIncremental = step.incremental === true
    layers.push({ index, run: step.run, isIncremental, fingerprint, lineage, below, inputs, variables, packages })
  }
  facts.save()
  const [first, ...more] = layers
  if (first === undefined) throw noSetup(root)
  const route: Route =
    configuration.env === undefined
      ? (framework?.route ?? { kind: 'in-place' })
      : { kind: 'variables', variables: configuration.env }
  const emptyGlobs = (): string[] => globsThatMatchNothing(files, globs)
  return { root, env, databases, framework, route, layers: [first, ...more], emptyGlobs }
}

/** The layer that is the whole set-up. */
export function topOf(plan: Plan): PlannedLayer {
  return plan.layers.at(-1) ?? plan.layers[0]
}

function valuesOf(names: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const sorted = [...new Set(names)].toSorted()
  return Object.fromEntries(
    sorted.map((name) => {
      const value = env[name]
      return [name, value === undefined ? '' : hash('sha256', value)]
    }),
  )
}

function digest(value: unknown): string {
  return hash('sha256', JSON.stringify(value))
}

function noSetup(root: string): DevshmError {
  return new DevshmError('NO_SETUP', `nothing says how the databases of ${root} are set up`, {
    hint: 'name the steps under "setup" in devshm.config.json, such as {"setup": [{"run": "npm run migrate"}]}; devshm init knows those of Prisma, Laravel, Flask-Migrate and Alembic',
    details: { root },
  })
}
