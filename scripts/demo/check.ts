/** A promise of devshm that did not hold; the message is the whole report. */
class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
}

/** Print what was checked, or throw it with what was found instead. */
export function check(holds: boolean, statement: string, found: string): void {
  if (!holds) throw new CheckFailed(`not true: ${statement} (${found})`)
  console.log(`  ✓ ${statement}`)
}
