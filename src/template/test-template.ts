import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import type { Cache } from './cache.ts'
import { lastUse, namesIn } from './layer.ts'

/** What a test database of Django's depends on, as the hook in its process found out. */
export interface TestKey {
  /** By what it is, such as `setting TIME_ZONE`; values as hashes, where they may be secrets. */
  readonly facts: Readonly<Record<string, string>>
  readonly packages: readonly string[]
  /** Of files that no version or input accounts for, by path. */
  readonly hashed: Readonly<Record<string, string>>
}

/** A template that the hook has made: what Django's migrations made of an empty test database. */
export interface TestTemplate extends TestKey {
  readonly key: string
  readonly alias: string
  /** Absolute; the project or worktree that it was made in. */
  readonly root: string
  /** ISO 8601, UTC. */
  readonly builtAt: string
  readonly bytes: number
  /** Paths and hashes. */
  readonly inputs: readonly (readonly [path: string, hash: string])[]
  readonly usedAt: Date
}

const KEY = /^[0-9a-f]{64}$/

export function testTemplateFolder(cache: Cache, key: string): string {
  return join(cache.tests, key)
}

/** Every complete one, the one that was used last first. */
export function listTestTemplates(cache: Cache): TestTemplate[] {
  const found = namesIn(cache.tests)
    .filter((name) => KEY.test(name))
    .flatMap((key) => readTestTemplate(cache, key) ?? [])
  return found.toSorted((a, b) => b.usedAt.getTime() - a.usedAt.getTime())
}

/** `undefined`: not there, or damaged. */
function readTestTemplate(cache: Cache, key: string): TestTemplate | undefined {
  const folder = testTemplateFolder(cache, key)
  try {
    const told = JSON.parse(readFileSync(join(folder, 'template.json'), 'utf8')) as Omit<TestTemplate, 'usedAt'>
    if (told.key !== key || Number(lookAt(join(folder, 'database.sqlite3'))?.size) !== told.bytes) return undefined
    return { ...told, usedAt: lastUse(folder) }
  } catch {
    // What cannot be read is none: it is made again.
    return undefined
  }
}
