import { loadConfiguration } from '../project/configuration.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { readFromLiveFolder, routeOf } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { isOfFolder } from '../session/find-hooked.ts'
import type { Report } from '../session/events.ts'
import { contextOf } from '../session/contexts.ts'
import { linkWhenNotLent } from '../session/lending.ts'
import { placesOf } from '../session/places.ts'
import { volumePaths } from '../volume/find-volume.ts'
import { listAllLiveFolders } from '../volume/live-folder.ts'
import type { CommonOptions } from './options.ts'

/**
 * Every database of this user that is in RAM on this machine, whatever project it belongs to; with `orphans` also those
 * that no path leads to any more.
 */
export async function openEverythingInRam(
  { cwd, env }: CommonOptions,
  report: Report,
  options: { orphans: boolean },
): Promise<Context[]> {
  const volume = { configured: (await loadConfiguration(findProjectRoot(cwd))).volume, env }
  // The volume that this project names holds its own; those of other projects lie in the usual places.
  const volumes = new Set([...volumePaths(volume), ...volumePaths({ env })])
  const folders = (await Promise.all([...volumes].map((path) => listAllLiveFolders(path)))).flat()
  const attachments = await Promise.all(folders.map(readFromLiveFolder))
  const origins = new Set<string>()
  for (const attachment of attachments) {
    if (attachment === undefined) continue
    const { origin, live } = attachment
    const isLed = routeOf(attachment) === 'hook' && isOfFolder(attachment, placesOf(origin))
    if (options.orphans || isLed || (await linkWhenNotLent(placesOf(origin))) === live) origins.add(origin)
  }
  return [...origins].toSorted().map((origin) => contextOf(origin, volume, report))
}
