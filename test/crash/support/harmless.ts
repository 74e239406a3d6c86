import type { Call } from './shim.ts'
import type { CrashCase } from './crash-case.ts'

/** Failures that rightly do not make a command fail, each with the reason. */
const HARMLESS: readonly { readonly key: RegExp; readonly because: string }[] = []

export function isHarmless(_each: CrashCase, { key }: Call, _blow: string): boolean {
  return HARMLESS.some((one) => one.key.test(key))
}
