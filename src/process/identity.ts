import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { systemCodeOf } from '../errors.ts'

const hasProc = process.platform === 'linux'

/**
 * A process beyond doubt. A pid alone is reused; together with the start time and the boot it is not.
 * `startedAt` is what the kernel says (clock ticks since boot on Linux, a date elsewhere): only equality means anything.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startedAt: string
  readonly bootId: string
  /** Of one thread of it, where only that one is meant. */
  readonly thread?: { readonly id: number; readonly startedAt: string }
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const startedAt = startOf(process.pid)
  if (startedAt === undefined) throw new Error(`cannot read the start time of this process (pid ${process.pid})`)
  return { pid: process.pid, startedAt, bootId: bootId() }
}

/**
 * This thread, where it is a worker that may end before its process does; in the main thread, and where the system does
 * not tell threads apart, the process.
 */
export function ownThread(): ProcessIdentity {
  const own = ownIdentity()
  if (!hasProc) return own
  const id = Number(basename(readlinkSync('/proc/thread-self')))
  // The main thread has the number of its process.
  const startedAt = id === own.pid ? undefined : startOfThread(own.pid, id)
  return startedAt === undefined ? own : { ...own, thread: { id, startedAt } }
}

/** A process by its pid, or `undefined` if there is none that this user can see. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = startOf(pid)
  return startedAt === undefined ? undefined : { pid, startedAt, bootId: bootId() }
}

/**
 * The process that leads the session of this one: the shell of a terminal window, or what started a job. It outlives the
 * subshells and tools in between. Where it has ended, is this very process, or cannot be told: the machine's first
 * process, which lasts until a restart.
 */
export function sessionLeader(): ProcessIdentity {
  const sessionId = hasProc ? Number(fieldsInProc('/proc/self/stat')?.[3] ?? 0) : 0
  const isAnother = sessionId > 0 && sessionId !== process.pid
  const leader = (isAnother ? identityOf(sessionId) : undefined) ?? identityOf(1)
  if (leader === undefined) throw new Error('cannot see the first process of this machine')
  return leader
}

/** Whether that very process, or thread, still runs. A zombie has ended: it holds no file and does nothing any more. */
export function isRunning({ pid, startedAt, bootId: boot, thread }: ProcessIdentity): boolean {
  if (boot !== bootId() || startOf(pid) !== startedAt) return false
  return thread === undefined || startOfThread(pid, thread.id) === thread.startedAt
}

/** Whether a value that was read is the name of a process. */
export function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map(Object.entries(value))
  return (
    typeof fields.get('pid') === 'number' &&
    typeof fields.get('startedAt') === 'string' &&
    typeof fields.get('bootId') === 'string'
  )
}

let knownBootId: string | undefined

/** Names this boot of the machine; another value after each restart of the kernel. */
export function bootId(): string {
  knownBootId ??= hasProc
    ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    : execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim()
  return knownBootId
}

function startOf(pid: number): string | undefined {
  return hasProc ? startInProc(`/proc/${pid}/stat`) : startFromPs(pid)
}

function startOfThread(pid: number, id: number): string | undefined {
  return startInProc(`/proc/${pid}/task/${id}/stat`)
}

/** Field 22 of `/proc/PID/stat`, and of a thread's. */
function startInProc(path: string): string | undefined {
  const fields = fieldsInProc(path)
  const state = fields?.[0]
  return state === 'Z' || state === 'X' ? undefined : fields?.[19]
}

/** From field 3 on; the name in field 2 may hold spaces and brackets, so fields count from its last bracket. */
function fieldsInProc(path: string): string[] | undefined {
  try {
    const line = readFileSync(path, 'utf8')
    return line.slice(line.lastIndexOf(')') + 2).split(' ')
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const answer = execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    })
    return answer.trim() || undefined
  } catch {
    // `ps` exits 1 when there is no such process.
    return undefined
  }
}
