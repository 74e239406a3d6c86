import { readFileSync } from 'node:fs'
import type { Inode } from '../fs/look.ts'
import { nameCommand } from './name-command.ts'
import { openInLsof } from './open-files-lsof.ts'
import { openInProc } from './open-files-proc.ts'

/** A process that has one of the files open. */
export interface Opener {
  readonly pid: number
  /** The command line, shortened for people. */
  readonly command: string
}

/**
 * The processes that have any of these files open, whatever name they opened it by; this one only on request.
 *
 * Sees what the kernel shows this user: on Linux the processes of the same user (all of them for root) in the same PID
 * namespace. A process of another user or in another container stays invisible; locks tell about some of those.
 */
export async function findOpeners(
  files: ReadonlySet<Inode>,
  options: { includeSelf?: boolean } = {},
): Promise<Opener[]> {
  if (files.size === 0) return []
  const pids = [...(await lookFor(files)).keys()]
  const others = options.includeSelf === true ? pids : pids.filter((pid) => pid !== process.pid)
  return others.map((pid) => ({ pid, command: commandOf(pid) }))
}

/** Those of `files` that any process has open, this one included; with the same blind spots as {@link findOpeners}. */
export async function findOpenFiles(files: ReadonlySet<Inode>): Promise<Set<Inode>> {
  if (files.size === 0) return new Set()
  return new Set([...(await lookFor(files)).values()].flatMap((open) => [...open]))
}

async function lookFor(files: ReadonlySet<Inode>): Promise<Map<number, Set<Inode>>> {
  return process.platform === 'linux' ? openInProc(files) : await openInLsof(files)
}

function commandOf(pid: number): string {
  if (process.platform !== 'linux') return `process ${pid}`
  try {
    return nameCommand(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'))
  } catch {
    // It ended since: its name is only for people.
    return 'a process that has ended'
  }
}
