import { reasonOf } from '../errors.ts'
import { checks } from './checks.ts'
import type { Check, Finding, Level } from './finding.ts'
import type { Surroundings } from './surroundings.ts'

const WORST_FIRST: readonly Level[] = ['problem', 'warning', 'note', 'ok']

/**
 * Do all checks, and put the worst first. A check that fails is a finding that says so; the others go on.
 */
export async function diagnose(
  surroundings: Surroundings,
  which: Readonly<Record<string, Check>> = checks,
): Promise<Finding[]> {
  const findings: Finding[] = []
  // One after the other: one opens database files as they are, which drops the locks of another's connection (POSIX).
  for (const [check, look] of Object.entries(which)) findings.push(...(await doCheck(check, look, surroundings)))
  return WORST_FIRST.flatMap((level) => findings.filter((finding) => finding.level === level))
}

async function doCheck(check: string, look: Check, surroundings: Surroundings): Promise<Finding[]> {
  try {
    return (await look(surroundings)).map((observation) => ({ check, ...observation }))
  } catch (error) {
    return [{ check, level: 'warning', subject: check, message: `this could not be checked: ${reasonOf(error)}` }]
  }
}
