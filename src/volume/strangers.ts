import { readFileSync, type BigIntStats } from 'node:fs'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { unsafeBecause } from '../fs/private-directory.ts'
import { userFolder } from './own-folders.ts'

const OTHERS_MAY_WRITE = 0o002n
const STICKY = 0o1000n

/**
 * Why another user could exchange or keep out what is put into a volume, as the rest of a sentence; `undefined` if none
 * can.
 */
export function strangerIn(folder: string, stats: BigIntStats): string | undefined {
  const planted = plantedIn(folder)
  return whoCouldExchange(stats) ?? (planted && `has ${planted.path}, which ${planted.problem}`)
}

/**
 * Who could exchange what is in a folder: whoever owns it, but for root, this user and `trusted`, and all who may write
 * to it, unless it is sticky.
 */
export function whoCouldExchange({ uid, mode }: BigIntStats, trusted?: number): string | undefined {
  if ((mode & OTHERS_MAY_WRITE) !== 0n && (mode & STICKY) === 0n) {
    return 'is writable for everybody and not sticky (chmod +t), so that others could exchange what is in it'
  }
  if ([0, process.geteuid?.() ?? 0, trusted].includes(Number(uid)) || isUnmapped(uid)) return undefined
  return `belongs to another user (uid ${uid}), who could exchange what is in it`
}

/** What somebody else has put where this user's own folder would be. Nothing, where this user may not even look. */
export function plantedIn(volume: string): { readonly path: string; readonly problem: string } | undefined {
  const path = userFolder(volume)
  try {
    const problem = lookAt(path) === undefined ? undefined : unsafeBecause(path)
    return problem === undefined || problem === 'mode' ? undefined : { path, problem }
  } catch (error) {
    if (systemCodeOf(error) === 'EACCES') return undefined
    throw error
  }
}

/** In a container without root's own id, the root of the machine is shown as the user that stands for all unknown ones. */
function isUnmapped(uid: bigint): boolean {
  try {
    const isWholeMachine = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
    return !isWholeMachine && uid === BigInt(readFileSync('/proc/sys/kernel/overflowuid', 'utf8').trim())
  } catch {
    // A system without such maps has no unknown users.
    return false
  }
}
