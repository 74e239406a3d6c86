import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'

/** The machine as the checks see it. Tests look at another machine's files through `files`. */
export interface Machine {
  readonly platform: NodeJS.Platform
  /** The folder that stands for `/` when system files are read. */
  readonly files: string
  readonly uid: number
  readonly user: string
  readonly versions: { readonly node: string; readonly sqlite: string }
}

export function thisMachine(): Machine {
  const uid = process.geteuid?.() ?? 0
  const { node, sqlite = 'unknown' } = process.versions
  return { platform: process.platform, files: '/', uid, user: nameOf(uid), versions: { node, sqlite } }
}

/** A system file's text, or `undefined` where there is none that this user may read. */
export function readSystemFile(machine: Machine, path: string): string | undefined {
  try {
    return readFileSync(join(machine.files, path), 'utf8')
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return undefined
    throw error
  }
}

export function hasSystemFile(machine: Machine, path: string): boolean {
  return existsSync(join(machine.files, path))
}

export function isContainer(machine: Machine): boolean {
  if (['/.dockerenv', '/run/.containerenv', '/run/systemd/container'].some((path) => hasSystemFile(machine, path))) {
    return true
  }
  return /docker|kubepods|containerd|\/lxc/.test(readSystemFile(machine, '/proc/1/cgroup') ?? '')
}

/** A user id may have no name, as in many containers. */
function nameOf(uid: number): string {
  try {
    return userInfo().username
  } catch {
    return String(uid)
  }
}
