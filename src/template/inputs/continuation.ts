import type { Framework, InputRole } from '../framework.ts'
import { compareInputs } from './compare-inputs.ts'
import type { Input } from './input.ts'
import { whyNotLast } from './why-not-last.ts'

export type ContinuationRule = Pick<Framework, 'whyNotOnTop' | 'foldersAreIndependent'>

/**
 * Why an incremental step must not start from a layer that was made from `cached`, or `undefined` if it may.
 *
 * It may if what was applied then is there now with equal content, and everything that is new comes after it: then the
 * tool, which only runs what is pending, does what it would have done from nothing. When in doubt, it may not.
 */
export function whyNotContinue(
  cached: readonly Input[],
  now: readonly Input[],
  { whyNotOnTop, foldersAreIndependent = false }: ContinuationRule = {},
): string | undefined {
  const roles = strictestRoles(cached, now)
  const { added, changed, removed } = compareInputs(cached, now)
  const isBound = (path: string): boolean => roles.get(path) !== 'free'

  const changedOne = changed.find(isBound)
  if (changedOne !== undefined) return `${changedOne} was changed`
  const removedOne = removed.find(isBound)
  if (removedOne !== undefined) return `${removedOne} was removed`
  const addedOne = added.find((path) => roles.get(path) === 'fixed')
  if (addedOne !== undefined) return `${addedOne} was added`

  const applied = cached.filter(({ path }) => roles.get(path) === 'ordered').map(({ path }) => path)
  const pending = added.filter((path) => roles.get(path) === 'ordered')
  return (
    whyNotLast(applied, pending, foldersAreIndependent) ?? (pending.length > 0 ? whyNotOnTop?.(pending) : undefined)
  )
}

/** By path: what either of the two says, whichever allows less. */
function strictestRoles(cached: readonly Input[], now: readonly Input[]): Map<string, InputRole> {
  const roles = new Map<string, InputRole>()
  for (const { path, role } of [...cached, ...now]) {
    const other = roles.get(path) ?? role
    roles.set(path, STRICTEST_FIRST.find((each) => each === role || each === other) ?? role)
  }
  return roles
}

const STRICTEST_FIRST: readonly InputRole[] = ['fixed', 'ordered', 'free']
