import { expect, test } from 'vitest'
import type { Framework } from '../framework.ts'
import { findKysely } from './kysely.ts'
import { projectOf } from './shared/project-for-tests.ts'

const manifest = { dependencies: { kysely: '0.29' }, devDependencies: { 'kysely-ctl': '0.21' } }
const CONFIG = `import { SqliteDialect } from 'kysely'\nexport default defineConfig({ dialect: new SqliteDialect() })`

async function find(
  files: Record<string, string>,
  scripts: Record<string, string> = {},
): Promise<Framework | undefined> {
  return await findKysely(projectOf({ 'package.json': JSON.stringify({ ...manifest, scripts }), ...files }))
}

function rolesOf(found: Framework | undefined): string[] | undefined {
  return found?.inputs.map(({ path, role }) => `${path} ${role}`).toSorted()
}

test('folders lie beside the configuration, or beside .config/', async () => {
  const files = { 'migrations/1_a.ts': "import '../lib/names.ts'", 'lib/names.ts': '', 'seeds/1_b.ts': '' }
  for (const config of ['kysely.config.ts', '.config/kysely.config.ts']) {
    const found = await find({ ...files, [config]: CONFIG })
    expect(rolesOf(found)).toEqual([`${config} fixed`, 'lib/names.ts fixed', 'migrations/1_a.ts ordered'].toSorted())
    expect(found?.steps.map(({ inputs }) => inputs)).toEqual([[], ['seeds/1_b.ts']])
  }
})

test('folders that the configuration names are relative to it', async () => {
  const config = CONFIG.replace('dialect:', `migrations: { migrationFolder: '../src/changes' }, dialect:`)
  const found = await find({ '.config/kysely.config.ts': config, 'src/changes/1_a.ts': '', 'migrations/2_b.ts': '' })
  expect(rolesOf(found)).toEqual(['.config/kysely.config.ts fixed', 'src/changes/1_a.ts ordered'])
})

test('the command is that of a script, else one that asks no registry', async () => {
  const files = { 'kysely.config.ts': CONFIG }
  expect((await find(files))?.steps[0]?.run).toBe('npx --no-install kysely migrate:latest --no-outdated-check')
  const scripts = { migrate: 'kysely migrate latest -e local', 'migrate:prod': 'kysely migrate latest -e production' }
  expect((await find(files, scripts))?.steps[0]?.run).toContain('kysely migrate latest -e local')
})

test('an added migration runs on top only if it comes after all others', async () => {
  const files = { 'kysely.config.ts': CONFIG, 'migrations/1_a.ts': '', 'migrations/3_c.ts': '' }
  const found = await find({ ...files, 'migrations/2_b.ts': '', 'migrations/4_d.ts': '' })
  expect(found?.whyNotOnTop?.(['migrations/4_d.ts'])).toBeUndefined()
  expect(found?.whyNotOnTop?.(['migrations/2_b.ts'])).toContain('does not come after')
})

test('another dialect, or Kysely alone, is not found', async () => {
  expect(await find({ 'kysely.config.ts': 'new PostgresDialect()' })).toBeUndefined()
  const alone = { 'package.json': '{"dependencies": {"kysely": "0.29"}}', 'kysely.config.ts': CONFIG }
  expect(await findKysely(projectOf(alone))).toBeUndefined()
})
