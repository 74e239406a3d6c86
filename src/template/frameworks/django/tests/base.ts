import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../../../errors.ts'
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

export function readBase(folder: string): Pick<Base, 'root' | 'inputs'> {
  return JSON.parse(readFileSync(pathIn(folder), 'utf8')) as Base
}

/** If it cannot be found out, the hook is told that, does nothing, and says why. */
export async function writeBase(folder: string, find: () => Promise<Base>): Promise<void> {
  const path = pathIn(folder)
  let told: Base | { readonly error: string }
  try {
    told = await find()
  } catch (error) {
    told = { error: `the files of the project cannot be looked at: ${reasonOf(error)}` }
  }
  writeFileForNow(path, JSON.stringify(told), `${path}-new`)
}

function pathIn(folder: string): string {
  return join(folder, 'base.json')
}
