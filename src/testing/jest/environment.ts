import { withHint } from '../for-people.ts'
import { BRIDGE, type Bridge } from './bridge.ts'
import { FileDatabases } from './file-databases.ts'
import { findNodeEnvironment } from './find-node-environment.ts'
import type { Environment, EnvironmentConfig, EnvironmentContext } from './jest.ts'

/**
 * Jest's `testEnvironment`: that for Node.js, with databases for the tests of a file.
 *
 * Constructed by Jest; it is a function because the class to extend is only known when the project is.
 */
function createEnvironment({ projectConfig }: EnvironmentConfig, context: EnvironmentContext): Environment {
  const NodeEnvironment = findNodeEnvironment(projectConfig.rootDir)
  return addDatabases(new NodeEnvironment({ projectConfig }, context), projectConfig.rootDir, context.testPath)
}

function addDatabases(environment: Environment, root: string, testPath: string): Environment {
  const setup = environment.setup.bind(environment)
  const teardown = environment.teardown.bind(environment)
  const handleTestEvent = environment.handleTestEvent?.bind(environment)
  let databases: FileDatabases | undefined
  return Object.assign(environment, {
    async setup() {
      await setup()
      databases = await withHint(FileDatabases.open(environment.global, root, testPath))
      const bridge: Bridge = databases
      Object.assign(environment.global, { [BRIDGE]: bridge })
    },
    async handleTestEvent(...[event, state]: Parameters<NonNullable<Environment['handleTestEvent']>>) {
      await databases?.handle(event)
      await handleTestEvent?.(event, state)
    },
    async teardown() {
      try {
        await databases?.[Symbol.asyncDispose]()
      } finally {
        await teardown()
      }
    },
  })
}

export default createEnvironment
