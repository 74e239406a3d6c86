import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DevshmError } from '../../errors.ts'
import type { WaitOptions } from '../../engine/engine.ts'
import { lookAt } from '../../fs/look.ts'
import type { Opener } from '../../process/open-files.ts'
import type { Context } from '../../session/context.ts'
import { listOpeners } from '../../session/list-openers.ts'
import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import { stampOf } from '../../session/stamp.ts'
import { replaceContent } from '../../snapshot/replace-content.ts'
import { currentPathOf } from './current.ts'
import { putAside } from './put-aside.ts'

/** What a user's database held before the steps ran. */
interface Before {
  readonly context: Context
  /** A private copy; `undefined`: there was no database. */
  readonly copy: string | undefined
  readonly path: string
  readonly stamp: string
  readonly openers: readonly Opener[]
}

/** How long to wait for a database that the app is busy with, in milliseconds. */
const TIMEOUT_MS = 10_000

/**
 * Watches over the user's databases while steps run that should not reach them. It is what makes a wrong `env` in the
 * configuration, or a step that goes around the framework, an error instead of lost data.
 */
export interface Guard {
  /**
   * Call after a step: whatever it did to a database of the user is taken back.
   *
   * @throws {DevshmError} `STEP_FAILED`: it reached one
   */
  check(run: string): Promise<void>
}

/** Take private copies of the users' databases, at memory speed, into `folder`. `signal` ends to wait for a busy one. */
export async function guardDatabases(
  contexts: readonly Context[],
  folder: string,
  signal: AbortSignal,
): Promise<Guard> {
  const befores: Before[] = []
  for (const [index, context] of contexts.entries()) {
    befores.push(await copyBefore(context, join(folder, `before-${index}.sqlite3`), signal))
  }
  return {
    async check(run) {
      for (const before of befores) await checkOne(before, run, folder)
    },
  }
}

async function copyBefore(context: Context, copy: string, signal: AbortSignal): Promise<Before> {
  return await locked(context, async () => {
    await recover(context)
    const path = await currentPathOf(context)
    const openers = await context.engine.findOpeners(path)
    // Taken before the copy: what is written in between makes a difference that is then looked at more closely.
    const stamp = stampOf(path)
    const isThere = (lookAt(path)?.size ?? 0n) > 0n
    if (isThere) await copyNow(context, path, copy, { signal })
    return { context, copy: isThere ? copy : undefined, path, stamp, openers }
  })
}

async function copyNow({ engine }: Context, path: string, copy: string, wait?: WaitOptions): Promise<void> {
  await rm(copy, { force: true })
  using pinned = await engine.pin(path, { timeoutMs: TIMEOUT_MS, ...wait })
  await pinned.copyTo(copy, 0o600)
}

async function checkOne(before: Before, run: string, folder: string): Promise<void> {
  const { context } = before
  const path = await currentPathOf(context)
  if (path === before.path && stampOf(path) === before.stamp) return
  await locked(context, async () => {
    const attachment = await recover(context)
    const now = join(folder, 'now.sqlite3')
    const current = await currentPathOf(context)
    if (!(await hasChanged(before, current, now))) return
    const { engine, places } = context
    const openers = [...before.openers, ...(await engine.findOpeners(current))]
    if (openers.length > 0) throw cannotTell(places.origin, run, openers)
    let kept: string | undefined
    if (before.copy === undefined) {
      kept = await putAside(context, current, now)
    } else {
      const replacement = { from: before.copy, base: { kind: 'file', path: before.copy }, by: 'restore' } as const
      kept = (await replaceContent(context, attachment, replacement, { timeoutMs: TIMEOUT_MS })).kept
    }
    throw reached(places.origin, run, kept)
  })
}

async function hasChanged({ context, copy }: Before, current: string, now: string): Promise<boolean> {
  const isThere = (lookAt(current)?.size ?? 0n) > 0n
  if (!isThere || copy === undefined) return isThere !== (copy !== undefined)
  await copyNow(context, current, now)
  return !(await context.engine.haveSameContent(copy, now, { ignoreJournalMode: true }))
}

function reached(origin: string, run: string, kept: string | undefined): DevshmError {
  const where = kept === undefined ? '' : `; what the step wrote is kept as the snapshot ${kept}`
  return new DevshmError('STEP_FAILED', `the step \`${run}\` wrote to ${origin} instead of a private database`, {
    hint: `its content was put back${where}. Name the variables that lead the step elsewhere under "env" in devshm.config.json`,
    details: { run, origin, kept },
  })
}

function cannotTell(origin: string, run: string, openers: readonly Opener[]): DevshmError {
  return new DevshmError(
    'STEP_FAILED',
    `${origin} changed while the step \`${run}\` ran, and ${listOpeners(openers)} has it open: it cannot be told whose change that is`,
    {
      hint: 'nothing was put back; stop that program, or leave it alone for a moment, and try again',
      details: { run, origin, openers },
    },
  )
}
