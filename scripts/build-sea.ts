/**
 * Make one file of devshm and Node.js that runs where there is none: `build/devshm`, or in the folder that is named, with
 * the licences of what is in it beside it. For the platform that this runs on.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { rolldown } from 'rolldown'
import { INPUT, OUTPUT } from './build/bundler-options.ts'
import { CHARTIST, filesBesideCode } from './build/files-beside-code.ts'
import { dependenciesIn, licencesOf } from './build/licences.ts'
import { workersIn } from './build/workers.ts'

const root = join(import.meta.dirname, '..')
const target = resolve(process.argv[2] ?? join(root, 'build'))

/** Node.js is installed without its licence, which is 130 KB long. */
const NODE_LICENCE = `Node.js ${process.version}, and what is in it: https://github.com/nodejs/node/blob/${process.version}/LICENSE`

/** @see https://nodejs.org/api/single-executable-applications.html */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

if (process.platform !== 'linux') throw new Error('the single file is made, and tested, on Linux only')
mkdirSync(target, { recursive: true })
// On the same file system, so that what was there is replaced in one step, also while it runs.
const work = mkdtempSync(join(target, '.devshm-'))
try {
  const main = join(work, 'main.cjs')
  const bundled = await bundle(join(root, 'src/cli/main.ts'), main, 'cjs')
  const assets: Record<string, string> = {}
  for (const [name, source] of Object.entries(workersIn(root))) {
    assets[`${name}.js`] = join(work, `${name}.js`)
    await bundle(source, join(work, `${name}.js`), 'esm')
  }
  for (const [name, path] of filesBesideCode(root)) assets[name] = path
  const blob = join(work, 'blob')
  const configuration = {
    main,
    output: blob,
    assets,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // NODE_OPTIONS is meant for the project's own Node.js.
    execArgvExtension: 'none',
  }
  writeFileSync(join(work, 'sea.json'), JSON.stringify(configuration))
  execute(process.execPath, '--experimental-sea-config', join(work, 'sea.json'))
  const executable = join(work, 'devshm')
  copyFileSync(process.execPath, executable)
  chmodSync(executable, 0o755)
  const postject = join(root, 'node_modules/postject/dist/cli.js')
  execute(process.execPath, postject, executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE)
  writeFileSync(
    join(target, 'LICENSES.txt'),
    `${NODE_LICENCE}\n\n${licencesOf(dependenciesIn([...bundled, join(root, CHARTIST)]))}`,
  )
  renameSync(executable, join(target, 'devshm'))
} finally {
  rmSync(work, { recursive: true, force: true })
}

/** Everything in one file: what runs in the executable finds no other by itself. Returns the paths of all modules in it. */
async function bundle(input: string, file: string, format: 'cjs' | 'esm'): Promise<readonly string[]> {
  await using build = await rolldown({ ...INPUT, input })
  const { output } = await build.write({ ...OUTPUT, file, format, codeSplitting: false })
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
}

/** @throws with what the program said; where it succeeds, that is of no interest */
function execute(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}
