import { expect, test } from 'vitest'
import type { Framework } from '../framework.ts'
import { findDrizzle } from './drizzle.ts'
import { projectOf } from './shared/project-for-tests.ts'

const manifest = JSON.stringify({ devDependencies: { 'drizzle-kit': '0' } })
const CONFIG = `export default { dialect: 'sqlite', schema: './src/schema.ts', out: './db/changes' }`

async function find(files: Record<string, string>, config = CONFIG): Promise<Framework | undefined> {
  return await findDrizzle(projectOf({ 'package.json': manifest, 'drizzle.config.ts': config, ...files }))
}

const schema = { 'src/schema.ts': `import './columns'`, 'src/columns.ts': '' }

test('with migrations they are run, and the schema does not count', async () => {
  const found = await find({ ...schema, 'db/changes/0000_a.sql': '' })
  expect(found?.steps).toEqual([{ run: 'npx --no-install drizzle-kit migrate', inputs: [], incremental: true }])
  expect(found?.inputs.map(({ path }) => path)).toEqual(['drizzle.config.ts', 'db/changes/0000_a.sql'])
})

test('without migrations the schema is pushed, from nothing, and it counts with what it imports', async () => {
  const found = await find(schema)
  expect(found?.steps).toEqual([{ run: 'npx --no-install drizzle-kit push --force', inputs: [] }])
  expect(found?.inputs).toEqual(
    ['drizzle.config.ts', 'src/columns.ts', 'src/schema.ts'].map((path) => ({ path, role: 'fixed' })),
  )
})

test('where each migration has a folder, the folders are in order', async () => {
  const [first, second] = ['db/changes/20260101_a/migration.sql', 'db/changes/20260201_b/migration.sql']
  const found = await find({ [first]: '', [second]: '' })
  expect(found?.whyNotOnTop?.([second])).toBeUndefined()
  expect(found?.whyNotOnTop?.([first])).toMatch(/does not come after .*20260201_b/)
})

test('an unreadable journal lets nothing continue', async () => {
  const files = { 'db/changes/0000_a.sql': '', 'db/changes/meta/_journal.json': '{' }
  const paths = (await find(files))?.inputs.map(({ path }) => path)
  expect(paths).toContain('db/changes/meta/_journal.json#unreadable')
})

test('the dialect decides, not a word in a remark', async () => {
  expect(await find({}, `export default { dialect: 'postgresql' } // not sqlite`)).toBeUndefined()
  expect((await find({}, `export default defineConfig({ dialect: 'turso' })`))?.name).toBe('drizzle')
  expect((await find({}, `module.exports = { driver: 'better-sqlite' }`))?.name).toBe('drizzle')
})
