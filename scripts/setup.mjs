/**
 * Install what the tests and the demo need, and say nothing when it is all there. Plain JavaScript without
 * dependencies, because it runs first: in a fresh clone, on whatever Node.js the machine has (20 or newer).
 */
import process from 'node:process'
import { installDependencies } from './setup/dependencies.mjs'
import { installSystemPackages } from './setup/system-packages.mjs'

try {
  installDependencies()
  installSystemPackages()
} catch (error) {
  process.stderr.write(`setup: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
