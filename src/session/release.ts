import { type Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import { detach } from './detach.ts'
import { endLease, isOwn, readLeases } from './leases.ts'
import { recover } from './recover.ts'
import { save } from './save.ts'

/** End this process's lease: save, and detach if it was the last. Under the database's lock. */
export async function release(context: Context): Promise<void> {
  const attachment = await recover(context)
  if (attachment === undefined) return
  const others = (await readLeases(attachment)).alive.filter((lease) => !isOwn(lease))
  if (others.length === 0) {
    await bringBack(context, attachment)
  } else {
    await saveAndReport(context, attachment)
    context.report({ type: 'still-held', origin: context.places.origin, heldBy: others })
  }
  // Not before: a lease that is left over tells the next command that this one did not come to its end.
  await endLease(attachment)
}

/**
 * Detach and report how it went.
 *
 * @returns false if it stays in RAM, because a process has it open
 */
export async function bringBack(
  context: Context,
  attachment: Attachment,
  ignore?: ReadonlySet<number>,
): Promise<boolean> {
  const started = performance.now()
  const { places, report } = context
  const { origin } = places
  const outcome = await detach(context, attachment, ignore)
  if (outcome.detached) {
    const { changed, bytes } = outcome
    report({ type: 'detached', origin, changed, bytes, ms: performance.now() - started })
    return true
  }
  if (outcome.openers.length === 0) {
    // The user put something else at the path: live is kept, theirs stays.
    return (await recover(context, { isEnding: true })) === undefined
  }
  const { facts, wrote } = outcome.saved
  if (wrote) report({ type: 'saved', origin, bytes: facts.bytes, ms: facts.ms, to: places.lastSave })
  report({ type: 'still-open', origin, openers: outcome.openers })
  return false
}

/** Save to disk and stay in RAM. */
export async function saveAndReport(context: Context, attachment: Attachment): Promise<void> {
  const { places, report } = context
  const { wrote, facts } = await save(context, attachment)
  if (wrote) report({ type: 'saved', origin: places.origin, bytes: facts.bytes, ms: facts.ms, to: places.lastSave })
  else report({ type: 'unchanged', origin: places.origin })
}
