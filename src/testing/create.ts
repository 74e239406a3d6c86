import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError } from '../errors.ts'
import type { Configuration } from '../project/configuration.ts'
import { pathsTo } from '../template/build/lead.ts'
import { obtainTemplate, type Template } from '../template/obtain.ts'
import type { ProjectWithSetup } from '../template/open-project.ts'
import { prune, USUAL_LIMITS } from '../template/prune.ts'
import { bytesOfClones, createPoolFolder, sweepCloneFolders } from '../volume/clone-folder.ts'
import { findVolume, volumePaths, type VolumeWish } from '../volume/find-volume.ts'
import type { CloneEvent } from './events.ts'
import type { RamPlace, TemplateDatabase, TestDatabasesHandle } from './handle.ts'
import { Pool } from './pool.ts'
import { roomFor } from './room.ts'

export interface CreateOptions {
  readonly env: NodeJS.ProcessEnv
  /** Bytes that all clones of this user may take in the volume. */
  readonly budget?: number | undefined
  readonly report: (event: CloneEvent) => void
}

/**
 * A pool of clones of the project's template, which is built if need be. What processes that were killed have left is
 * removed first.
 */
export async function createPool(project: ProjectWithSetup, options: CreateOptions): Promise<Pool> {
  const { builder, makePlan, configuration } = project
  const wish = { configured: configuration.volume, env: options.env }
  for (const path of [...volumePaths(wish), builder.cache.home]) await sweepCloneFolders({ path })
  const template = await obtainTemplate(makePlan, builder)
  try {
    if (template.wasBuilt) await prune(builder.cache, USUAL_LIMITS)
    const handle = await prepare(project, template, wish, options)
    return new Pool({ handle, use: template, isOwner: true, report: options.report })
  } catch (error) {
    template[Symbol.dispose]()
    throw error
  }
}

async function prepare(
  { builder, selected, root, configuration }: ProjectWithSetup,
  template: Template,
  wish: VolumeWish,
  options: CreateOptions,
): Promise<TestDatabasesHandle> {
  const { home } = builder.cache
  const bytes = [...selected.keys()].reduce((sum, name) => sum + (template.layer.databases[name]?.bytes ?? 0), 0)
  const ram = await findRam(wish, bytes, configuration, options)
  const disk = createPoolFolder({ path: home })
  const databases = [...selected.keys()].map((name) => describe(name, template, disk))
  const { route } = template.plan
  return {
    version: 1,
    root,
    cache: home,
    fingerprint: template.layer.fingerprint,
    databases,
    variables: route.kind === 'variables' ? route.variables : {},
    ...(route.kind === 'django' && { django: await namedPaths(template, selected) }),
    ram,
    disk,
  }
}

async function namedPaths(
  { plan }: Template,
  selected: ProjectWithSetup['selected'],
): Promise<NonNullable<TestDatabasesHandle['django']>> {
  const wanted = plan.databases.filter(({ name }) => selected.has(name))
  return await Promise.all(
    wanted.map(async ({ name, origin }) => ({ name, from: await pathsTo(origin, selected.get(name)) })),
  )
}

/** What no step makes is an empty database. */
function describe(name: string, template: Template, folder: string): TemplateDatabase {
  const path = template.pathOf(name)
  if (path !== undefined) return { name, template: path, bytes: template.layer.databases[name]?.bytes ?? 0 }
  const nothing = join(folder, 'nothing.sqlite3')
  writeFileSync(nothing, '', { mode: 0o600 })
  return { name, template: nothing, bytes: 0 }
}

async function findRam(
  wish: VolumeWish,
  bytes: number,
  configuration: Configuration,
  { budget }: CreateOptions,
): Promise<RamPlace | { refusal: string; hint: string }> {
  try {
    const volume = await findVolume(wish, roomFor(bytes))
    const configured = configuration.cloneBudget === undefined ? undefined : configuration.cloneBudget * 1_000_000
    const usual = (volume.freeBytes + bytesOfClones(volume)) / 2
    return { folder: createPoolFolder(volume), volume: volume.path, budget: budget ?? configured ?? usual }
  } catch (error) {
    if (!(error instanceof DevshmError) || error.code !== 'NO_RAM') throw error
    return { refusal: error.message, hint: error.hint ?? '' }
  }
}
