import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileForNow } from '../../../../fs/replace.ts'

/** What devshm knows of a project's files, for the hook, which makes the key of it and of what it sees itself. */
export interface Base {
  /** Absolute. */
  readonly root: string
  /** Since when that is so: milliseconds since 1970, and ISO 8601, UTC. */
  readonly lookedAt: number
  readonly startedAt: string
  /** Relative to the root, with the hash of the content. */
  readonly inputs: readonly (readonly [path: string, hash: string])[]
  /** Names of the environment variables that any of the inputs reads. */
  readonly variables: readonly string[]
}

/** There while the hook has to wait. */
const LOOKING = 'looking'
const BASE = 'base.json'

/** `undefined`: it could not be found out. */
export function readBase(folder: string): Pick<Base, 'root' | 'inputs'> | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, BASE), 'utf8')) as Base
  } catch {
    return undefined
  }
}

/** Have the hook wait for {@link writeBase}. */
export function announceBase(folder: string): void {
  writeFileSync(join(folder, LOOKING), '', { mode: 0o600 })
}

/** Never fails: if it cannot be found out or told, the hook sees that, and Django makes its test databases. */
export async function writeBase(folder: string, find: () => Promise<Base>): Promise<void> {
  try {
    writeFileForNow(join(folder, BASE), JSON.stringify(await find()), join(folder, `${BASE}-new`))
  } catch {
    // Said by the hook's report.
  } finally {
    rmSync(join(folder, LOOKING), { force: true })
  }
}
