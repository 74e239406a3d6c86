import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toJsonSchema } from '@valibot/to-json-schema'
import { configurationSchema } from '../src/project/configuration-schema.ts'

/** The published JSON schema of `devshm.config.json`, for editors. */
export const schemaFile: string = join(import.meta.dirname, '../schema/devshm.config.schema.json')

/** What that file must hold: draft-07, made from the schema that devshm itself checks with. */
export function schemaText(): string {
  return `${JSON.stringify(toJsonSchema(configurationSchema, { target: 'draft-07' }), null, 2)}\n`
}

if (import.meta.main) writeFileSync(schemaFile, schemaText())
