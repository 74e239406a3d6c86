import { sqliteEngine } from '../../../src/engine/sqlite/index.ts'
import { attach, type Attached } from '../../../src/session/attach.ts'
import type { Attachment, Route } from '../../../src/session/attachment.ts'
import type { Context, Step } from '../../../src/session/context.ts'
import { detach, type Detached } from '../../../src/session/detach.ts'
import type { SessionEvent } from '../../../src/session/events.ts'
import { locked } from '../../../src/session/locked.ts'
import { placesOf } from '../../../src/session/places.ts'
import { recover } from '../../../src/session/recover.ts'
import { save, type SaveOutcome } from '../../../src/session/save.ts'

export interface WatchedContext extends Context {
  readonly events: SessionEvent[]
}

/** What operations on the origin at `origin` need, with what they report collected; `onStep` puts things in between. */
export function contextOf(
  { origin, volume }: { origin: string; volume: string },
  onStep?: (step: Step) => void | Promise<void>,
): WatchedContext {
  const events: SessionEvent[] = []
  return {
    places: placesOf(origin),
    engine: sqliteEngine,
    volume: { env: { DEVSHM_VOLUME: volume } },
    report: (event) => {
      events.push(event)
    },
    ...(onStep !== undefined && { onStep }),
    events,
  }
}

/** Attach a database that is on disk. */
export async function attachIn(
  context: Context,
  journal: 'keep' | 'wal' = 'keep',
  route: Route = 'link',
): Promise<Attached> {
  return await locked(context, async () => {
    await recover(context)
    return await attach(context, { journal, route })
  })
}

/** Detach a database that is in RAM. */
export async function detachIn(context: Context): Promise<Detached> {
  return await locked(context, async () => await detach(context, await attachmentOf(context)))
}

/** Save a database that is in RAM. */
export async function saveIn(context: Context): Promise<SaveOutcome> {
  return await locked(context, async () => await save(context, await attachmentOf(context)))
}

async function attachmentOf(context: Context): Promise<Attachment> {
  const attachment = await recover(context)
  if (attachment === undefined) throw new Error(`${context.places.origin} is not in RAM`)
  return attachment
}
