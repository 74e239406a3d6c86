import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DevshmError, systemCodeOf } from '../../errors.ts'
import type { EnvironmentClass } from './jest.ts'

/** Each depends on the next: a package manager that keeps packages apart finds it only from there. */
const CHAIN = ['jest', 'jest-cli', 'jest-config', 'jest-environment-node'] as const

/**
 * Jest's own environment for Node.js, of the Jest that the project uses.
 *
 * @throws {DevshmError} `USAGE`: it is not installed
 */
export function findNodeEnvironment(root: string): EnvironmentClass {
  const require = createRequire(join(root, 'package.json'))
  const path = tryResolve(require, 'jest-environment-node') ?? followChain(require)
  if (path === undefined) {
    throw new DevshmError('USAGE', `jest-environment-node cannot be found from ${root}`, {
      hint: 'install it: npm install --save-dev jest-environment-node',
    })
  }
  const { TestEnvironment } = require(path) as { TestEnvironment: EnvironmentClass }
  return TestEnvironment
}

function followChain(from: NodeJS.Require): string | undefined {
  let require = from
  let path: string | undefined
  for (const name of CHAIN) {
    path = tryResolve(require, name)
    if (path === undefined) return undefined
    require = createRequire(path)
  }
  return path
}

function tryResolve(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch (error) {
    if (systemCodeOf(error) === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
