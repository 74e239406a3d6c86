import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError, reasonOf } from '../../errors.ts'
import { quoted } from '../../fs/quoted.ts'
import type { MadeVolume, VolumeMaker, VolumeRequest } from './made-volume.ts'
import { runTool } from './run-tool.ts'

/** The name of the file system on a RAM disk of devshm's: what tells it from anybody else's. */
const NAME = 'devshm'

const SECTOR = 512

export const NEVER_INDEX = '.metadata_never_index'

/**
 * macOS: a RAM disk (`hdiutil attach -nomount ram://SECTORS`), formatted and mounted. None of it needs root. This is the
 * one module that talks to macOS about volumes. It was written from Apple's manual pages and public examples, and tried
 * against stand-ins for these programs, not on a Mac.
 */
export function ramDiskMaker(env: NodeJS.ProcessEnv): VolumeMaker {
  return {
    list: () => listOurs(env),
    otherMountAt: async (path) => (await listMounts(env)).find((mount) => mount.path === path)?.what,
    create: (request) => create(env, request),
    commandToCreate: () => undefined,
    commandToRemove: () => undefined,
    close: async ({ path }) => chmodSync(path, 0o500),
    reopen: async ({ path }) => chmodSync(path, 0o700),
    remove: (volume) => remove(env, volume),
  }
}

async function create(env: NodeJS.ProcessEnv, { path, bytes, owner }: VolumeRequest): Promise<void> {
  const output = await demand(env, path, 'hdiutil', 'attach', '-nomount', `ram://${Math.ceil(bytes / SECTOR)}`)
  const device = /^\s*(\/dev\/disk\d+)\b/m.exec(output)?.[1]
  if (device === undefined) {
    throw new DevshmError('IO', `hdiutil did not say which RAM disk it made: ${output.trim()}`, {
      hint: 'see `hdiutil info`, and eject it with `hdiutil detach /dev/diskN`',
    })
  }
  try {
    const { uid, gid } = owner
    await demand(env, path, 'newfs_hfs', '-U', `${uid}`, '-G', `${gid}`, '-M', '700', '-v', NAME, device)
    // Not in the Finder, and without a write for every read.
    await demand(env, path, 'mount', '-t', 'hfs', '-o', 'nobrowse,noatime,nosuid,nodev', device, path)
  } catch (error) {
    throw await withRamDiskGone(env, device, error)
  }
  keepSpotlightOut(path)
}

/** It would have files open when the disk is to be unmounted. */
function keepSpotlightOut(path: string): void {
  try {
    writeFileSync(join(path, NEVER_INDEX), '')
  } catch {
    // What this shows is found where the new volume is looked at; the file alone is not worth failing for.
  }
}

/** What failed, after the RAM disk was ejected; or, if that fails as well, how to eject it. */
async function withRamDiskGone(env: NodeJS.ProcessEnv, device: string, error: unknown): Promise<unknown> {
  const { status, complaint } = await runTool(env, 'hdiutil', 'detach', device)
  if (status === 0) return error
  const message = `${reasonOf(error)}; and the RAM disk that was made for it cannot be ejected: ${complaint}`
  return new DevshmError('IO', message, { hint: `hdiutil detach ${device}`, cause: error })
}

async function remove(env: NodeJS.ProcessEnv, { path, holder }: MadeVolume): Promise<void> {
  const { status, complaint } = await runTool(env, 'umount', path)
  if (status !== 0) {
    const isBusy = /busy/i.test(complaint)
    throw new DevshmError(isBusy ? 'IN_USE' : 'IO', `${path} cannot be unmounted: ${complaint}`, {
      hint: isBusy ? 'leave it in every shell (cd) and stop what has files open there' : `umount ${quoted(path)}`,
      details: { path },
    })
  }
  const ejected = await runTool(env, 'hdiutil', 'detach', holder)
  if (ejected.status === 0) return
  throw new DevshmError('IO', `${path} is unmounted, but its RAM is not given back: ${ejected.complaint}`, {
    hint: `hdiutil detach ${holder}`,
    details: { path, holder },
  })
}

/** RAM disks that are mounted, and whose file system has our name. */
async function listOurs(env: NodeJS.ProcessEnv): Promise<MadeVolume[]> {
  const devices = ramDisksIn(await demand(env, 'RAM disks', 'hdiutil', 'info'))
  if (devices.size === 0) return []
  const mounted = (await listMounts(env)).filter(({ device }) => devices.has(device))
  const named = await Promise.all(
    mounted.map(async (mount) => ({ mount, facts: (await runTool(env, 'diskutil', 'info', mount.device)).output })),
  )
  return named
    .filter(({ facts }) => /^\s*Volume Name:\s*(.*?)\s*$/m.exec(facts)?.[1] === NAME)
    .map(({ mount: { path, device, isReadOnly } }) => {
      return { path, kind: 'ram-disk', mayBeSwapped: undefined, isReadOnly, holder: device }
    })
}

/** The devices of images that are `ram://`. Images are divided by lines of equal signs, their devices come last. */
function ramDisksIn(info: string): Set<string> {
  const images = info.split(/^=+\s*$/m).filter((image) => /^image-path\s*:\s*ram:\/\/\d+\s*$/m.test(image))
  return new Set(
    images.flatMap((image) => [...image.matchAll(/^(\/dev\/disk\d+)\b/gm)].map(([, device = '']) => device)),
  )
}

interface Mounted {
  readonly device: string
  readonly path: string
  readonly isReadOnly: boolean
  readonly what: string
}

/** `/dev/disk4 on /private/tmp/shm (hfs, local, nodev, nosuid, noatime, nobrowse, mounted by ann)` */
async function listMounts(env: NodeJS.ProcessEnv): Promise<Mounted[]> {
  const table = await demand(env, 'the mount table', 'mount')
  return table.split('\n').flatMap((line) => {
    const [, device, path, type, options = ''] = /^(.+?) on (\/.*) \(([^,)]+)(.*)\)$/.exec(line) ?? []
    if (device === undefined || path === undefined) return []
    return [{ device, path, isReadOnly: options.split(', ').includes('read-only'), what: `${type} (${device})` }]
  })
}

/** @returns what it printed. @throws {DevshmError} `IO`, with the complaint */
async function demand(env: NodeJS.ProcessEnv, subject: string, tool: string, ...args: string[]): Promise<string> {
  const { status, output, complaint } = await runTool(env, tool, ...args)
  if (status === 0) return output
  throw new DevshmError('IO', `${subject}: ${tool} failed (status ${status}): ${complaint}`, {
    hint: 'nothing is left of it; see what the same command says by itself',
    details: { tool, args },
  })
}
