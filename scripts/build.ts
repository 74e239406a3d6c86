/**
 * Bundle what is published into `dist/`, flat: `cli.cjs`, `index.js`, `testing.js`, a file for each worker, and the chunks they share.
 * Flat, because a worker is found as `./name.worker.js` beside the chunk that starts it. The command line is CommonJS,
 * because Node.js starts that a third faster than the same as ES modules.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import process from 'node:process'
import { rolldown } from 'rolldown'
import { publishDeclarations } from './build/declarations.ts'
import { dependenciesIn, licencesOf } from './build/licences.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
const bundledModules = [
  ...(await bundle({ cli: join(root, 'src/cli/main.ts') }, 'cjs')),
  ...(await bundle(
    { index: join(root, 'src/index.ts'), testing: join(root, 'src/testing/index.ts'), ...workers() },
    'esm',
  )),
]
// Found from the bundle as from its source: in `hook/` beside the code that hands it to Python.
cpSync(join(root, 'src/template/frameworks/django/hook'), join(dist, 'hook'), {
  recursive: true,
  filter: (path) => !path.endsWith('__pycache__'),
})
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(dependenciesIn(bundledModules)))
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
publishDeclarations(dist, ['index.d.ts', 'testing/index.d.ts'])

/** The paths of all modules that went into the bundle. */
async function bundle(input: Record<string, string>, format: 'cjs' | 'esm'): Promise<readonly string[]> {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  await using build = await rolldown({
    input,
    platform: 'node',
    tsconfig: false,
    // A package's UMD build, its `main`, asks for its parts in a way that no bundler can follow.
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node24' },
    onLog: (_level, log) => {
      throw new Error(`${log.code ?? 'bundler'}: ${log.message}`)
    },
  })
  const { output } = await build.write({
    dir: dist,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunk-[name].${extension}`,
    // Readable stack traces are worth more than the few kilobytes.
    minify: false,
  })
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
}

function workers(): Record<string, string> {
  const found = globSync('src/**/*.worker.ts', { cwd: root })
  const entries = Object.fromEntries(found.map((path) => [basename(path, '.ts'), join(root, path)]))
  if (Object.keys(entries).length < found.length) throw new Error(`two workers have one name: ${found.join(', ')}`)
  return entries
}
