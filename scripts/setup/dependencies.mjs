import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** `npm ci`, unless what is in `node_modules` is what the lock file asks for. It brings the pinned Node.js as well. */
export function installDependencies() {
  if (isInstalled(root) && existsSync(join(root, 'node_modules/node/bin/node'))) return
  process.stderr.write('setup: npm ci\n')
  npmCi(root, [])
}

/** What the projects in `examples/node` need: tests set up real databases with real migration tools. */
export function installNodeProjects() {
  const folder = join(root, 'examples/node')
  if (isInstalled(folder)) return
  process.stderr.write('setup: npm ci in examples/node\n')
  npmCi(folder, ['--ignore-scripts'])
}

function npmCi(cwd, flags) {
  // Its warnings are about the old Node.js that npm itself runs on.
  const { status, error } = spawnSync('npm', ['ci', '--loglevel=error', '--no-progress', ...flags], {
    cwd,
    stdio: ['ignore', 2, 2],
  })
  if (error !== undefined) throw new Error(`npm could not be started: ${error.message}`)
  if (status !== 0) throw new Error(`npm ci in ${cwd} failed; what it says is above`)
}

/** npm writes the second file when it has installed everything, so its absence also means an interrupted one. */
function isInstalled(folder) {
  const wanted = packagesIn(join(folder, 'package-lock.json'))
  const found = packagesIn(join(folder, 'node_modules/.package-lock.json'))
  if (wanted === undefined || found === undefined) return false
  const isMissing = ([path, { optional }]) => path !== '' && optional !== true && found[path] === undefined
  const isOther = ([path, { integrity }]) => wanted[path]?.integrity !== integrity
  return !Object.entries(wanted).some(isMissing) && !Object.entries(found).some(isOther)
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages
  } catch {
    return undefined
  }
}
