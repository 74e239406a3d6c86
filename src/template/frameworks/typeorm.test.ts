import { expect, test } from 'vitest'
import { projectOf } from './shared/project-for-tests.ts'
import { findTypeorm } from './typeorm.ts'

interface Case {
  readonly scripts?: Record<string, string>
  readonly more?: Record<string, string>
  readonly type?: string
  readonly files?: Record<string, string>
}

const SOURCE = `new DataSource({ type: 'better-sqlite3', migrations: ['src/migrations/*.ts'], entities: [__dirname + '/entity/*.ts'] })`

async function find({ scripts = {}, more = {}, type = 'commonjs', files = { 'src/data-source.ts': SOURCE } }: Case) {
  const dependencies = { typeorm: '1', ...more }
  return await findTypeorm(projectOf({ 'package.json': JSON.stringify({ type, scripts, dependencies }), ...files }))
}

const run = async (given: Case): Promise<string | undefined> => (await find(given))?.steps[0]?.run

test('a data source in TypeScript is run by what the scripts use, else by what the package depends on', async () => {
  const args = 'migration:run -d src/data-source.ts'
  expect(await run({ scripts: { typeorm: 'typeorm-ts-node-esm' } })).toBe(
    `npx --no-install typeorm-ts-node-esm ${args}`,
  )
  expect(await run({ more: { 'ts-node': '10' } })).toBe(`npx --no-install typeorm-ts-node-commonjs ${args}`)
  expect(await run({ more: { 'ts-node': '10' }, type: 'module' })).toBe(`npx --no-install typeorm-ts-node-esm ${args}`)
  expect(await run({})).toBe(`npx --no-install typeorm ${args}`)
})

test('the data source is the one that a script names, also where the script does more', async () => {
  const files = { 'src/data-source.ts': SOURCE, 'db/other.ts': SOURCE }
  expect(await run({ files, scripts: { m: 'npm run build && npm run typeorm -- migration:run -d db/other.ts' } })).toBe(
    'npx --no-install typeorm migration:run -d db/other.ts',
  )
})

test('else it is found by its content, in the sources before what was compiled from them', async () => {
  const files = { 'dist/data-source.js': SOURCE, 'src/database/orm.ts': '', 'src/db/app-data-source.ts': SOURCE }
  expect(await run({ files })).toBe('npx --no-install typeorm migration:run -d src/db/app-data-source.ts')
  expect(await run({ files: { 'src/data-source.ts': `new DataSource({ type: 'postgres' })` } })).toBeUndefined()
})

test('migrations of its patterns are ordered; entities may change, unless a migration uses them', async () => {
  const files = {
    'src/data-source.ts': SOURCE,
    'src/migrations/1700000000000-A.ts': `import { Used } from '../entity/used'`,
    'src/entity/used.ts': '@Entity() class Used {}',
    'src/entity/other.ts': '@Entity() class Other {}',
    'src/service.ts': '',
  }
  const roles = (await find({ files }))?.inputs.map(({ path, role }) => [path, role])
  expect(roles?.toSorted()).toEqual([
    ['src/data-source.ts', 'fixed'],
    ['src/entity/other.ts', 'free'],
    ['src/entity/used.ts', 'fixed'],
    ['src/migrations/1700000000000-A.ts', 'ordered'],
  ])
})
