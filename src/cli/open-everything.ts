import { readFromLiveFolder, routeOf } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { isOfFolder } from '../session/find-hooked.ts'
import type { Report } from '../session/events.ts'
import { contextOf } from '../session/contexts.ts'
import { knownVolumes } from '../session/known-volumes.ts'
import { linkWhenNotLent } from '../session/lending.ts'
import { placesOf } from '../session/places.ts'
import { listAllLiveFolders } from '../volume/live-folder.ts'
import type { CommonOptions } from './options.ts'
import { volumeWish } from './volume-wish.ts'

/**
 * Every database of this user that is in RAM on this machine, whatever project it belongs to; with `orphans` also those
 * that no path leads to any more.
 */
export async function openEverythingInRam(
  options: CommonOptions,
  report: Report,
  { orphans }: { orphans: boolean },
): Promise<Context[]> {
  const volume = await volumeWish(options)
  const volumes = await knownVolumes(volume)
  const folders = (await Promise.all(volumes.map((path) => listAllLiveFolders(path)))).flat()
  const attachments = await Promise.all(folders.map(readFromLiveFolder))
  const origins = new Set<string>()
  for (const attachment of attachments) {
    if (attachment === undefined) continue
    const { origin, live } = attachment
    const isLed = routeOf(attachment) === 'hook' && isOfFolder(attachment, placesOf(origin))
    if (orphans || isLed || (await linkWhenNotLent(placesOf(origin))) === live) origins.add(origin)
  }
  return [...origins].toSorted().map((origin) => contextOf(origin, volume, report))
}
