import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildBundle } from '../bench/support/bundle.ts'
import { run, type Outcome } from './support/playground.ts'
import { createDjangoSetup } from './template/support/django-setup.ts'

const ROOT = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'devshm-package-'))

/** What npm says of the package that it made. */
interface Packed {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

let packed: Packed

beforeAll(async () => {
  using bundle = await buildBundle()
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: readonly string[] }
  // All but what is built is as it is here; npm picks what belongs in the package.
  for (const part of [...files, 'README.md', 'LICENSE', 'docs', 'scripts', '.npmrc'].filter(
    (part) => part !== 'dist',
  )) {
    cpSync(join(ROOT, part), join(bundle.folder, part), { recursive: true })
  }
  // Built already: the same script, but not in the folder that other tests use.
  const { stdout } = await succeed(
    bundle.folder,
    'npm',
    'pack',
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    folder,
  )
  packed = firstOf(JSON.parse(stdout))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  // Offline and with an empty cache: there is nothing else to fetch.
  await succeed(folder, 'npm', 'install', '--offline', '--cache', join(folder, 'npm-cache'), `./${packed.filename}`)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the package holds what is needed and nothing else', () => {
  const kinds = packed.files.map(({ path }) => path.replace(/^dist\/chunk-.*\.(c?js)$/, 'dist/chunk-*.$1'))
  expect([...new Set(kinds)].filter((path) => !path.endsWith('.d.ts')).toSorted()).toMatchInlineSnapshot(`
    [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "bin/devshm.cjs",
      "bin/requirements.cjs",
      "bin/start.cjs",
      "dist/THIRD-PARTY-LICENSES.txt",
      "dist/assets/chartist.umd.js",
      "dist/assets/page.css",
      "dist/assets/plots.js",
      "dist/assets/time_test_databases.py",
      "dist/chunk-*.cjs",
      "dist/chunk-*.js",
      "dist/cli.cjs",
      "dist/held-copy.worker.js",
      "dist/hook/devshm_after_import.py",
      "dist/hook/devshm_leads.py",
      "dist/hook/devshm_live.py",
      "dist/hook/devshm_stable.py",
      "dist/hook/devshm_start.py",
      "dist/hook/devshm_test_databases.py",
      "dist/hook/devshm_test_key.py",
      "dist/hook/devshm_test_sources.py",
      "dist/hook/devshm_test_template.py",
      "dist/hook/devshm_test_watch.py",
      "dist/hook/sitecustomize.py",
      "dist/index.js",
      "dist/jest-environment.js",
      "dist/jest-preset.json",
      "dist/jest-setup.js",
      "dist/jest-teardown.js",
      "dist/jest.cjs",
      "dist/node-test.js",
      "dist/playwright.js",
      "dist/shells/devshm.bash",
      "dist/shells/devshm.fish",
      "dist/shells/devshm.zsh",
      "dist/testing.js",
      "dist/testing/jest/index.d.cts",
      "dist/verify.worker.js",
      "dist/vitest-env.js",
      "dist/vitest-setup.js",
      "dist/vitest.js",
      "package.json",
      "schema/devshm.config.schema.json",
    ]
  `)
  expect(packed.unpackedSize).toBeLessThan(2_500_000)
  for (const { path, mode } of packed.files) expect([path, mode & 0o022]).toEqual([path, 0])
})

test('installed with nothing but itself, it runs a Django project from its commands', async () => {
  const lock = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as { packages: object }
  expect(Object.keys(lock.packages)).toEqual(['node_modules/devshm'])
  const { stdout } = await succeed(folder, 'npx', '--offline', 'devshm', '--version')
  expect(stdout).toBe(`${versionOf(ROOT)}\n`)

  await using project = await createDjangoSetup()
  const devshm = join(folder, 'node_modules/.bin/devshm')
  const env = { ...project.env, PATH: `${dirname(process.execPath)}:${project.env['PATH'] ?? ''}` }
  const inProject = async (...args: string[]): Promise<Outcome> => {
    const outcome = await run(devshm, args, { cwd: project.folder, env })
    expect(outcome, outcome.stderr).toMatchObject({ status: 0 })
    return outcome
  }
  await project.write(
    'devshm.config.json',
    '{ "setup": [{ "run": "python3 manage.py migrate --noinput", "inputs": [] }] }',
  )
  await inProject('reset')
  const { stdout: path } = await inProject(
    'run',
    '--',
    'python3',
    '-c',
    'import os; print(os.path.realpath("db.sqlite3"))',
  )
  expect(path).toContain(project.volume)
  expect(project.sql('select count(*) as number from orders_order')).toEqual([{ number: 0 }])
})

test('what can be imported is there, and its types are right for a strict project', async () => {
  const { exports } = JSON.parse(readFileSync(join(folder, 'node_modules/devshm/package.json'), 'utf8')) as {
    exports: Record<string, unknown>
  }
  const names = Object.keys(exports).map((name) => join('devshm', name.replace('*', 'devshm.config.schema.json')))
  const resolve = `
    import { existsSync } from 'node:fs'
    for (const name of ${JSON.stringify(names)}) {
      if (!existsSync(new URL(import.meta.resolve(name)))) console.log(name)
    }
    const { openSession, getStatus } = await import('devshm')
    const { createTestDatabases } = await import('devshm/testing')
    console.log(typeof openSession, typeof getStatus, typeof createTestDatabases)`
  const { stdout } = await succeed(folder, process.execPath, '--input-type=module', '-e', resolve)
  expect(stdout).toBe('function function function\n')

  mkdirSync(join(folder, 'node_modules/@types'))
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'))
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        module: 'nodenext',
        noEmit: true,
        types: ['node'],
        target: 'es2024',
        lib: ['es2024', 'esnext.disposable'],
      },
      files: ['use.ts'],
    }),
  )
  writeFileSync(
    join(folder, 'use.ts'),
    `import { openSession, DevshmError } from 'devshm'
    import { createTestDatabases, type Clone } from 'devshm/testing'
    await using session = await openSession({ cwd: '.' })
    export const paths: string[] = session.databases.map(({ live }) => live)
    await using pool = await createTestDatabases()
    export const clone: Clone = await pool.clone()
    export const hint = (error: DevshmError): string | undefined => error.hint
    // @ts-expect-error: the options are checked
    await openSession({ saveEvery: 'often' })
    `,
  )
  await succeed(folder, process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', folder)
})

async function succeed(cwd: string, program: string, ...args: string[]): Promise<Outcome> {
  const outcome = await run(program, args, { cwd, env: process.env })
  if (outcome.status !== 0) throw new Error(`${program} ${args.join(' ')}:\n${outcome.stdout}${outcome.stderr}`)
  return outcome
}

/** Newer versions of npm say it by the package's name, older ones in a list. */
function firstOf(said: unknown): Packed {
  const [first] = Object.values(said as Record<string, Packed>)
  if (first === undefined) throw new Error('npm packed nothing')
  return first
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}
