import { listVolumes } from '../../session/list-volumes.ts'
import { statusOf } from '../../session/status.ts'
import { openDatabases } from '../open-databases.ts'
import { openEverythingInRam } from '../open-everything.ts'
import type { CommonOptions } from '../options.ts'
import { printLine } from '../output.ts'
import { renderStatus } from '../render/status.ts'
import { renderVolume } from '../render/volumes.ts'
import { volumeWish } from '../volume-wish.ts'
import { reporter } from '../reporter.ts'

/** Say where each database is, and whether it is safe. */
export async function status(options: CommonOptions & { readonly all: boolean }): Promise<number> {
  const report = reporter(options)
  const contexts = options.all
    ? await openEverythingInRam(options, report, { orphans: true })
    : (await openDatabases(options, report)).contexts
  const databases = await Promise.all(contexts.map(statusOf))
  const volumes = options.all ? { volumes: await listVolumes(await volumeWish(options)) } : {}
  if (options.json) {
    printLine(JSON.stringify({ databases, ...volumes }, undefined, 2))
    return 0
  }
  const shown = databases.map((one) => renderStatus(one, options.cwd))
  if (databases.length === 0) shown.push(['no database is in RAM'])
  for (const volume of volumes.volumes ?? []) {
    // What is in no use and not full says nothing here.
    if (volume.projects.length > 0 || volume.nearlyFull !== undefined) shown.push(renderVolume(volume, options.cwd))
  }
  printLine(shown.map((lines) => lines.join('\n')).join('\n\n'))
  return 0
}
