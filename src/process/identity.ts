import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { systemCodeOf } from '../errors.ts'

/**
 * A process beyond doubt. A pid alone is reused; together with the start time and the boot it is not.
 * `startedAt` is what the kernel says (clock ticks since boot on Linux, a date elsewhere): only equality means anything.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startedAt: string
  readonly bootId: string
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const startedAt = startOf(process.pid)
  if (startedAt === undefined) throw new Error(`cannot read the start time of this process (pid ${process.pid})`)
  return { pid: process.pid, startedAt, bootId: bootId() }
}

/** Whether that very process still runs. A zombie has ended: it holds no file and does nothing any more. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId() && startOf(identity.pid) === identity.startedAt
}

let knownBootId: string | undefined

/** Names this boot of the machine; another value after each restart of the kernel. */
export function bootId(): string {
  knownBootId ??=
    process.platform === 'linux'
      ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      : execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim()
  return knownBootId
}

function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startInProc(pid) : startFromPs(pid)
}

/** Field 22 of `/proc/PID/stat`; the name in field 2 may hold spaces and brackets, so fields count from its last bracket. */
function startInProc(pid: number): string | undefined {
  let line: string
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [state] = fields
  return state === 'Z' || state === 'X' ? undefined : fields[19]
}

function startFromPs(pid: number): string | undefined {
  try {
    const answer = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    })
    return answer.trim() || undefined
  } catch {
    // `ps` exits 1 when there is no such process.
    return undefined
  }
}
