import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError, reasonOf } from '../errors.ts'
import { contextOf } from './contexts.ts'
import type { SessionEvent } from './events.ts'
import type { HolderMessage, HolderOrders } from './holder-messages.ts'
import { placesOf } from './places.ts'
import { Session } from './session.ts'

const ENDING_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/**
 * The holder's whole life: attach, tell the command that started it, save on the timer, and on SIGTERM (logout,
 * shutdown) save and detach. When that command is interrupted before it was told, detach at once.
 *
 * @returns the exit status
 */
export async function hold(orders: HolderOrders): Promise<number> {
  const ended = new Promise<void>((resolve) => {
    for (const signal of ENDING_SIGNALS) process.on(signal, () => resolve())
  })
  const report = (event: SessionEvent): void => {
    tell({ type: 'event', event })
    log(event)
  }
  const volume = { configured: orders.configuredVolume, env: process.env }
  const contexts = orders.origins.map((origin) => contextOf(origin, volume, report))
  let session: Session | undefined
  // `devshm detach` says that there is something to see; without a listener the signal would end this process.
  process.on('SIGUSR2', () => session?.lookNow())
  try {
    session = await Session.open(contexts, orders.session)
  } catch (error) {
    const known = error instanceof DevshmError ? error : undefined
    const details = known?.details ?? {}
    tell({ type: 'failed', code: known?.code, message: reasonOf(error), hint: known?.hint, details })
    return 1
  }
  // Whoever started it was interrupted, and so was told nothing: then nothing stays in RAM.
  const isAbandoned = !process.connected
  tell({ type: 'ready' })
  if (!isAbandoned) await Promise.race([ended, session.ended])
  return (await session.close()) ? 0 : 1
}

/** Only until the command that started it has gone. */
function tell(message: HolderMessage): void {
  if (process.connected) process.send?.(message)
}

const begun = new Set<string>()

/** Nobody watches a background process: what it had to say is kept beside the database, until the next holder begins. */
function log(event: SessionEvent): void {
  const path = join(placesOf(event.origin).store, 'holder.log')
  try {
    const line = `${new Date().toISOString()} ${JSON.stringify(event)}\n`
    writeFileSync(path, line, { mode: 0o600, flag: begun.has(path) ? 'a' : 'w' })
    begun.add(path)
  } catch {
    // The folder may be gone or the disk full. The log is for curious people; the holder's work is not to stop for it.
  }
}
