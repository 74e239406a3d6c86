import { DevshmError } from '../../../src/errors.ts'

/** What `devshm` would print of a failure must be one line, and name what to do: anything else is a bug. */
function requireExplained(error: unknown): void {
  if (!(error instanceof DevshmError)) throw new Error('not an error of ours', { cause: error })
  if (error.hint === undefined || error.hint === '') throw new Error(`no hint: ${error.message}`, { cause: error })
  if (error.message.includes('\n') && !/[\\/]/.test(error.message))
    throw new Error(`more than a line: ${error.message}`)
}

/** Run it; what it throws must be explained. */
export async function explained<T>(action: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (error) {
    requireExplained(error)
    return undefined
  }
}
