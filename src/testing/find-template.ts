import { DevshmError } from '../errors.ts'
import type { TemplateDatabase, TestDatabasesHandle } from './handle.ts'

/** @throws {DevshmError} `DATABASE_NOT_FOUND`: the project has no database of this name */
export function findTemplate({ databases, root }: TestDatabasesHandle, name: string): TemplateDatabase {
  const found = databases.find((each) => each.name === name)
  if (found !== undefined) return found
  throw new DevshmError('DATABASE_NOT_FOUND', `the project ${root} has no database called ${JSON.stringify(name)}`, {
    hint: `it has ${databases.map((each) => each.name).join(', ')}; more can be named under "databases" in devshm.config.json`,
    details: { name },
  })
}
