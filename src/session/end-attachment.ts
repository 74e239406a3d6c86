import { isRunning } from '../process/identity.ts'
import type { Context } from './context.ts'
import { markDetached } from './detach-mark.ts'
import { readLeases, visiblePids, type Lease } from './leases.ts'
import { recover } from './recover.ts'
import { bringBack, saveAndReport } from './release.ts'

/**
 * What `devshm detach` does: bring the database back although a holder keeps it, and have that holder end when it looks next. A `run` in
 * another terminal needs it in RAM, so then it stays; so it does while any process has it open. Under the database's
 * lock.
 */
export async function endAttachment(context: Context): Promise<'detached' | 'was on disk' | 'stays in RAM'> {
  const { places, report } = context
  const attachment = await recover(context)
  if (attachment === undefined) {
    // A holder may be waiting to attach what the user has put at the path.
    markDetached(places)
    return 'was on disk'
  }
  const { alive } = await readLeases(attachment)
  const runs = alive.filter(({ kind }) => kind === 'run')
  if (runs.length > 0) {
    await saveAndReport(context, attachment)
    report({ type: 'still-held', origin: places.origin, heldBy: runs })
    return 'stays in RAM'
  }
  if (!(await bringBack(context, attachment, new Set(visiblePids(alive))))) return 'stays in RAM'
  markDetached(places)
  for (const holder of alive) tellToLook(holder)
  return 'detached'
}

/** Before the user does anything else to the path: a holder looks by itself only now and then. */
function tellToLook(holder: Lease): void {
  if (isRunning(holder)) process.kill(holder.pid, 'SIGUSR2')
}
