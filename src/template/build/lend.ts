import { withPathLeadingTo } from '../../session/lend-path.ts'
import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import type { Context } from '../../session/context.ts'

/** Lend the paths of all databases while `action` runs, each under its lock, one after the other. */
export async function lendPath<T>(
  contexts: ReadonlyMap<string, Context>,
  targetOf: (name: string) => string,
  action: () => Promise<T>,
): Promise<T> {
  const [first, ...more] = [...contexts]
  if (first === undefined) return await action()
  const [name, context] = first
  return await locked(context, async () => {
    const attachment = await recover(context)
    return await withPathLeadingTo(context, attachment, targetOf(name), () => lendPath(new Map(more), targetOf, action))
  })
}
