import { accessSync, constants } from 'node:fs'
import { release } from 'node:os'
import { dirname } from 'node:path'
import { DevshmError } from '../../errors.ts'
import { lookAt } from '../../fs/look.ts'
import { quoted } from '../../fs/quoted.ts'
import { mountOf, readOwnMounts, type Mount } from '../mounts.ts'
import type { MadeVolume, VolumeMaker, VolumeRequest } from './made-volume.ts'
import { runTool, type ToolOutcome } from './run-tool.ts'
import { formatSize } from './size.ts'

/** What the mount table says for the source of a volume of devshm's. Only root can put it there. */
const SOURCE = 'devshm'

/** Linux: a tmpfs with a size of its own, for one user, that is never swapped where the kernel can promise that. */
export function tmpfsMaker(env: NodeJS.ProcessEnv): VolumeMaker {
  return {
    list: async () => {
      const mounts = readOwnMounts()
      // What another mount at the same place hides cannot be reached.
      return mounts.filter((mount) => isOurs(mount) && mountOf(mount.mountPoint, mounts) === mount).map(describe)
    },
    otherMountAt: async (path) => {
      const mount = mountOf(path, readOwnMounts())
      return mount?.mountPoint === path ? `${mount.type} (${mount.source})` : undefined
    },
    create: (request) => mount(env, request),
    commandToCreate: (request) => (process.geteuid?.() === 0 ? undefined : tmpfsCommand(request)),
    commandToRemove: ({ path }) => {
      if (process.geteuid?.() === 0) return undefined
      return `sudo umount ${quoted(path)} && ${mayWriteIn(dirname(path)) ? '' : 'sudo '}rmdir ${quoted(path)}`
    },
    close: async ({ path }) => {
      requireDone(await runTool(env, 'mount', '-o', 'remount,ro', path), path, 'be closed')
    },
    reopen: async ({ path }) => {
      requireDone(await runTool(env, 'mount', '-o', 'remount,rw', path), path, 'be opened again')
    },
    remove: async ({ path }) => {
      requireDone(await runTool(env, 'umount', path), path, 'be unmounted')
    },
  }
}

/** The commands that make the same volume by hand, to be pasted. */
export function tmpfsCommand(request: VolumeRequest): string {
  const { path } = request
  const sudo = process.geteuid?.() === 0 ? '' : 'sudo '
  const mountIt = `${sudo}mount -t tmpfs -o ${optionsFor(request, mayHaveNoswap())} ${SOURCE} ${quoted(path)}`
  if (lookAt(path) !== undefined) return mountIt
  return `${mayWriteIn(dirname(path)) ? '' : sudo}mkdir ${quoted(path)} && ${mountIt}`
}

async function mount(env: NodeJS.ProcessEnv, request: VolumeRequest): Promise<void> {
  const attempt = async (noswap: boolean): Promise<ToolOutcome> =>
    await runTool(env, 'mount', '-t', 'tmpfs', '-o', optionsFor(request, noswap), SOURCE, request.path)
  let outcome = await attempt(mayHaveNoswap())
  // In a user namespace swap cannot be turned off, whatever the kernel.
  if (outcome.status !== 0 && mayHaveNoswap()) outcome = await attempt(false)
  if (outcome.status === 0) return
  const reason = outcome.complaint.replace(/^mount: /, '').replace(`${request.path}: `, '')
  if (/permission denied|not permitted|must be superuser/i.test(reason)) {
    const hint = `in a container, have it mounted from outside: docker run --tmpfs ${quoted(request.path)}:size=${formatSize(request.bytes)},mode=1777 …`
    throw new DevshmError('NOT_PERMITTED', `this root may not mount anything: ${reason}`, { hint })
  }
  throw new DevshmError('IO', `a tmpfs cannot be mounted on ${request.path}: ${reason}`, {
    hint: 'see the system log (dmesg) for the reason',
    details: { path: request.path },
  })
}

function optionsFor({ bytes, owner: { uid, gid } }: VolumeRequest, noswap: boolean): string {
  const options = [`size=${formatSize(bytes)}`, 'mode=0700', `uid=${uid}`, `gid=${gid}`, 'nosuid', 'nodev']
  return [...options, ...(noswap ? ['noswap'] : [])].join(',')
}

/** @see https://docs.kernel.org/filesystems/tmpfs.html: from Linux 6.4 on */
function mayHaveNoswap(version: string = release()): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  return major > 6 || (major === 6 && minor >= 4)
}

function isOurs({ type, source }: Mount): boolean {
  return type === 'tmpfs' && source === SOURCE
}

function describe({ mountPoint, options, isReadOnly, source }: Mount): MadeVolume {
  return { path: mountPoint, kind: 'tmpfs', mayBeSwapped: !options.includes('noswap'), isReadOnly, holder: source }
}

function requireDone({ status, complaint }: ToolOutcome, path: string, what: string): void {
  if (status === 0) return
  const reason = complaint.replace(/^u?mount: /, '').replace(`${path}: `, '')
  const isBusy = /busy/i.test(reason)
  throw new DevshmError(isBusy ? 'IN_USE' : 'IO', `${path} cannot ${what}: ${reason}`, {
    hint: isBusy ? 'leave it in every shell (cd) and stop what has files open there' : 'run it as root, and try again',
    details: { path },
  })
}

function mayWriteIn(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
