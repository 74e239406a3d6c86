/**
 * Install what the demo, the benchmarks and the checks need, and with `tests` what the tests need as well; say nothing
 * when it is all there. Plain JavaScript without dependencies, because it runs first: in a fresh clone, on whatever
 * Node.js the machine has (20 or newer).
 */
import process from 'node:process'
import { installDependencies, installNodeProjects } from './setup/dependencies.mjs'
import { installSystemPackages } from './setup/system-packages.mjs'

try {
  const isForTests = process.argv.includes('tests')
  installDependencies()
  installSystemPackages({ isForTests })
  if (isForTests) installNodeProjects()
} catch (error) {
  process.stderr.write(`setup: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
