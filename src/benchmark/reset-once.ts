import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contextOf } from '../session/contexts.ts'
import { locked } from '../session/locked.ts'
import { recover } from '../session/recover.ts'
import { pruneSnapshots } from '../snapshot/prune.ts'
import { replaceContent } from '../snapshot/replace-content.ts'
import type { ProjectWithSetup } from '../template/open-project.ts'

/** The hidden command that does {@link resetOnce}. */
export const ONCE_MORE = 'bench-reset'

const ORDERS = 'orders.json'
const TIMEOUT_MS = 5_000

interface Order {
  /** A private, closed file. */
  readonly from: string
  /** The private database to be made equal to it. */
  readonly to: string
}

export function writeResetOrders(folder: string, orders: readonly Order[]): void {
  writeFileSync(join(folder, ORDERS), JSON.stringify(orders), { mode: 0o600 })
}

/**
 * All that `devshm reset` does with a cached template, in a process of its own as that is, but on private databases:
 * find the project, look at the files that decide, keep what is there, put the template's content into its place.
 */
export async function resetOnce({ makePlan, limits }: ProjectWithSetup, folder: string): Promise<void> {
  const { layers, env } = await makePlan()
  const fingerprint = layers.at(-1)?.fingerprint ?? ''
  const orders = JSON.parse(readFileSync(join(folder, ORDERS), 'utf8')) as readonly Order[]
  for (const { from, to } of orders) {
    const context = contextOf(to, { env }, () => undefined)
    await locked(context, async () => {
      const attachment = await recover(context)
      const base = { kind: 'template', path: from, fingerprint } as const
      await replaceContent(context, attachment, { from, base, by: 'reset' }, { timeoutMs: TIMEOUT_MS })
      await pruneSnapshots(context, limits)
    })
  }
}
