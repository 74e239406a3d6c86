import { resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import { formatBytes } from '../../fs/format-bytes.ts'
import { quoted } from '../../fs/quoted.ts'
import { knownVolumes } from '../../session/known-volumes.ts'
import { listVolumes } from '../../session/list-volumes.ts'
import { removeVolume } from '../../session/remove-volume.ts'
import { sweepStale } from '../../session/sweep-stale.ts'
import { sweepBuildFolders } from '../../volume/build-folder.ts'
import { sweepCloneFolders } from '../../volume/clone-folder.ts'
import { createVolume } from '../../volume/make/create-volume.ts'
import { volumeMaker } from '../../volume/make/index.ts'
import type { CommonOptions } from '../options.ts'
import { printLine } from '../output.ts'
import { renderKept, renderVolume } from '../render/volumes.ts'
import { reporter } from '../reporter.ts'
import { volumeWish } from '../volume-wish.ts'

/** The least that a file system in RAM is of use with, in bytes. */
const LEAST_BYTES = 2 ** 20

/** Mount a file system in RAM for this user, or for the one who called `sudo`. */
export async function createNamedVolume(
  path: string,
  { cwd, env, json, size }: CommonOptions & { readonly size: number },
): Promise<number> {
  if (size < LEAST_BYTES) throw new UsageError('a volume takes at least 1 MB', { hint: 'name a larger --size' })
  const maker = volumeMaker(env)
  const request = { path: resolve(cwd, path), bytes: size, owner: ownerFrom(env) }
  const { made, totalBytes, isNew } = await createVolume(maker, request)
  const { kind, mayBeSwapped } = made
  if (json) {
    printLine(JSON.stringify({ path: made.path, kind, totalBytes, mayBeSwapped, isNew, owner: request.owner.uid }))
    return 0
  }
  const swap = mayBeSwapped === false ? ', never swapped' : ''
  printLine(
    `${made.path} is ${isNew ? 'now' : 'already'} a volume of ${formatBytes(totalBytes)}${swap}, until a restart`,
  )
  printLine(`  use it here:     export DEVSHM_VOLUME=${quoted(made.path)}`)
  printLine(`  or in a project: "volume": ${JSON.stringify(made.path)} in devshm.config.json`)
  return 0
}

/** Folders in RAM, and what is in them by project. Changes nothing. */
export async function listAllVolumes(options: CommonOptions): Promise<number> {
  const volumes = await listVolumes(await volumeWish(options))
  if (options.json) printLine(JSON.stringify({ volumes }, undefined, 2))
  else if (volumes.length === 0) printLine('there is no RAM-backed folder here; devshm volume create makes one')
  else printLine(volumes.map((volume) => renderVolume(volume, options.cwd).join('\n')).join('\n\n'))
  return 0
}

/** Unmount a volume that devshm made. */
export async function removeNamedVolume(path: string, options: CommonOptions): Promise<number> {
  const { cwd, env, json } = options
  const removed = await removeVolume(volumeMaker(env), resolve(cwd, path), reporter(options))
  if (json) printLine(JSON.stringify({ path: removed.path, totalBytes: removed.totalBytes }))
  else printLine(`${removed.path} is unmounted, and its memory given back (${formatBytes(removed.totalBytes)})`)
  return 0
}

/** Remove from RAM what was left behind and is on disk, and say what stays. */
export async function sweepVolumes(options: CommonOptions): Promise<number> {
  const paths = await knownVolumes(await volumeWish(options))
  for (const path of paths) {
    await sweepBuildFolders({ path })
    await sweepCloneFolders({ path })
  }
  const { swept, kept } = await sweepStale(paths, options.json ? () => undefined : reporter(options))
  if (options.json) printLine(JSON.stringify({ swept, kept }, undefined, 2))
  else if (kept.length > 0) printLine(kept.flatMap(renderKept).join('\n'))
  else if (swept.length === 0) printLine('nothing was left behind in RAM')
  return 0
}

/** Who called `sudo` is whom it is for. */
function ownerFrom(env: NodeJS.ProcessEnv): { readonly uid: number; readonly gid: number } {
  const [uid = 0, gid = 0] = [process.geteuid?.(), process.getegid?.()]
  const caller = [env['SUDO_UID'], env['SUDO_GID']].map((id) => (/^\d+$/.test(id ?? '') ? Number(id) : undefined))
  return uid === 0 ? { uid: caller[0] ?? uid, gid: caller[1] ?? gid } : { uid, gid }
}
