import { isDeepStrictEqual } from 'node:util'

/**
 * Whether a part of a configuration says all that is proposed for it, and perhaps more: another database or variable, more
 * steps between or after, more inputs of a step. What people add is no difference.
 */
export function says(now: unknown, proposed: unknown): boolean {
  if (Array.isArray(now) && Array.isArray(proposed)) return saysInOrder(now, proposed)
  if (!isObject(now) || !isObject(proposed)) return isDeepStrictEqual(now, proposed)
  // A step with a key less depends on all files, or is not incremental: that is another step.
  if ('run' in proposed && !sameKeys(now, proposed)) return false
  return Object.entries(proposed).every(([key, value]) => says(now[key], value))
}

function saysInOrder(now: readonly unknown[], proposed: readonly unknown[]): boolean {
  let next = 0
  for (const each of now) if (next < proposed.length && says(each, proposed[next])) next += 1
  return next === proposed.length
}

/** Variables may be there in addition. */
function sameKeys(now: object, proposed: object): boolean {
  return ['run', 'inputs', 'incremental'].every((key) => key in now === key in proposed)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
