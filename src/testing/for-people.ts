import { DevshmError, reasonOf } from '../errors.ts'
import type { Clone } from './clone.ts'
import type { TestingEvent } from './events.ts'
import type { Kept } from './keep.ts'

/** What a developer who waits for tests should know of an event; `undefined`: nothing. */
function describeEvent(event: TestingEvent): string | undefined {
  switch (event.type) {
    case 'template-step':
      return `devshm: building the template, step ${event.number} of ${event.of}: ${event.run}`
    case 'template-waiting':
      return `devshm: waiting for another devshm that builds the same template: ${event.holders}`
    case 'clones-on-disk':
      return `devshm: clones are made on disk, in ${event.folder}: ${event.reason}; ${event.hint}`
    default:
      return undefined
  }
}

/** Where the databases of a failed test are, each with the command that says what the test did to it; nothing if it did nothing. */
export function describeKept(kept: Kept | undefined): string[] {
  return Object.values(kept?.databases ?? {}).flatMap(({ path, command }) => [
    `devshm: the database of the failed test is kept: ${path}`,
    `  ${command}`,
  ])
}

/**
 * Keep the databases of a failed test, if it changed them; that they cannot be kept must not hide why it failed.
 *
 * @returns what to say of it, in lines
 */
export async function keepOfFailed(clone: Pick<Clone, 'keepIfChanged'>): Promise<string[]> {
  try {
    return describeKept(await clone.keepIfChanged())
  } catch (error) {
    return [`devshm: the database of the failed test cannot be kept: ${reasonOf(error)}`]
  }
}

/** Print an event for whoever watches the runner: on standard error, which every runner passes on. */
export function printEvent(event: TestingEvent): void {
  const line = describeEvent(event)
  if (line !== undefined) process.stderr.write(`${line}\n`)
}

/** Runners show what an error says, but not what to do about it: that is printed, and the error thrown on. */
export async function withHint<T>(action: Promise<T>): Promise<T> {
  try {
    return await action
  } catch (error) {
    if (error instanceof DevshmError && error.hint !== undefined) process.stderr.write(`devshm: ${error.hint}\n`)
    throw error
  }
}
