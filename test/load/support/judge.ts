/** What a command came to: done, refused for a reason that it gave, or a failure of devshm. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'failure'; readonly why: string }

/** Reasons that a crowd gives: somebody else has the database open, needs it in RAM, or has removed what was asked for. */
const REASONS = new Set(['BUSY', 'IN_USE', 'NO_SNAPSHOT'])

/** Set-up steps could have written what an app has written to the database on disk meanwhile. */
const UNTOLD = /"code":"STEP_FAILED".*it cannot be told whose change that is/

/** Of a detach that left the database where it is, for somebody who needs it there. */
const STAYS = /"type":"(still-held|still-open)"|stays in RAM/

/** Judge by exit status and standard error, in text or as JSON: never a stack, never silence, never a surprise. */
export function judge(name: string, status: number, errors: string): Verdict {
  const failure = (what: string): Verdict => ({ kind: 'failure', why: `${name} ${what}:\n${errors}` })
  if (/^\s+at .*[:(]/m.test(errors) || errors.includes('unexpected')) return failure('printed where it failed')
  if (status === 0) return { kind: 'done' }
  if (status !== 1) return failure(`ended with status ${status}`)
  if (errors.trim() === '') return failure('failed without a word')
  if (name === 'detach' && STAYS.test(errors)) return { kind: 'refused', code: 'stays in RAM' }
  if (UNTOLD.test(errors)) return { kind: 'refused', code: 'changed while steps ran' }
  const code = codeIn(errors)
  return code !== undefined && REASONS.has(code) ? { kind: 'refused', code } : failure(`failed (${code ?? 'no code'})`)
}

function codeIn(errors: string): string | undefined {
  const line = errors.split('\n').findLast((each) => each.startsWith('{"type":"error"'))
  if (line === undefined) return undefined
  const { code, message, hint } = JSON.parse(line) as Record<string, unknown>
  // What went wrong, with which object, and what to do about it.
  if (typeof message !== 'string' || message.includes('\n') || typeof hint !== 'string') return undefined
  return String(code)
}
