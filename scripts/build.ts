/**
 * Bundle what is published into `dist/`, or the folder that is named, flat: `cli.cjs`, `index.js`, `testing.js`, a file for
 * each test runner and each worker, and the chunks they share. Flat, because a worker is found as `./name.worker.js`
 * beside the chunk that starts it. The command line is CommonJS, because Node.js starts that a third faster than the same
 * as ES modules; and what Jest's tests import, because Jest loads nothing else without a flag.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { rolldown, type PluginContext } from 'rolldown'
import { INPUT, OUTPUT } from './build/bundler-options.ts'
import { publishDeclarations } from './build/declarations.ts'
import { CHARTIST, filesBesideCode } from './build/files-beside-code.ts'
import { dependenciesIn, licencesOf } from './build/licences.ts'
import { workersIn } from './build/workers.ts'

const root = join(import.meta.dirname, '..')
const dist = resolve(process.argv[2] ?? join(root, 'dist'))

/** What test runners load, by the name of the file in `dist`: its source below `src/testing/`. */
const FOR_RUNNERS = {
  'node-test': 'node-test',
  playwright: 'playwright',
  vitest: 'vitest/index',
  'vitest-setup': 'vitest/setup',
  'vitest-env': 'vitest/env',
  'jest-setup': 'jest/setup',
  'jest-teardown': 'jest/teardown',
  'jest-environment': 'jest/environment',
}

/** Those of them that have types, below `testing/`. */
const TYPED = ['index', 'node-test', 'playwright', 'vitest/index', 'vitest/setup', 'jest/index']

rmSync(dist, { recursive: true, force: true })
const bundledModules = [
  ...(await bundle({ cli: join(root, 'src/cli/main.ts') }, 'cjs')),
  ...(await bundle({ jest: join(root, 'src/testing/jest/index.ts') }, 'cjs')),
  ...(await bundle(
    {
      index: join(root, 'src/index.ts'),
      testing: join(root, 'src/testing/index.ts'),
      ...Object.fromEntries(
        Object.entries(FOR_RUNNERS).map(([name, path]) => [name, join(root, 'src/testing', `${path}.ts`)]),
      ),
      ...workersIn(root),
    },
    'esm',
  )),
]
// Found from the bundle as from its source: in a folder of that name beside the code that needs them.
for (const [name, path] of filesBesideCode(root)) cpSync(path, join(dist, name))
const copied = join(root, CHARTIST)
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(dependenciesIn([...bundledModules, copied])))
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', dist],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
publishDeclarations(dist, ['index.d.ts', ...TYPED.map((path) => `testing/${path}.d.ts`)])
cpSync(join(root, 'src/testing/jest/index.d.cts'), join(dist, 'testing/jest/index.d.cts'))
cpSync(join(root, 'src/testing/jest/jest-preset.json'), join(dist, 'jest-preset.json'))

/** The paths of all modules that went into the bundle. */
async function bundle(input: Record<string, string>, format: 'cjs' | 'esm'): Promise<readonly string[]> {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  let ofRun: ReadonlySet<string> = new Set()
  await using build = await rolldown({
    ...INPUT,
    input,
    plugins: [
      {
        name: 'modules-of-run',
        buildEnd() {
          const from = (path: string): Set<string> => withImports(join(root, path), (id) => this.getModuleInfo(id))
          if (format !== 'cjs') return
          const atOnce = from('src/cli/main.ts')
          ofRun = new Set([...from('src/cli/commands/run.ts')].filter((id) => !atOnce.has(id)))
        },
      },
    ],
    preserveEntrySignatures: 'allow-extension',
  })
  const { output } = await build.write({
    ...OUTPUT,
    dir: dist,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunk-[name].${extension}`,
    // What `devshm run` needs is one file: to find, open and compile twenty takes 5 ms longer.
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'run', test: (id) => ofRun.has(id) }] },
  })
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
}

/** A module and all that it imports at once, not only when it is needed. */
function withImports(id: string, infoOf: PluginContext['getModuleInfo'], found: Set<string> = new Set()): Set<string> {
  if (!found.has(id)) {
    found.add(id)
    for (const imported of infoOf(id)?.importedIds ?? []) withImports(imported, infoOf, found)
  }
  return found
}
