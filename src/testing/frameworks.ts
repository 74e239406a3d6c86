import type { FindTestRoute, TestCommand, TestRoute } from '../template/test-route.ts'

/** In the order of asking. */
const ROUTES: readonly FindTestRoute[] = [
  async (command) => (await import('../template/frameworks/django/tests/index.ts')).findDjangoTests(command),
  async (command) => (await import('./rails-tests.ts')).findRailsTests(command),
]

/** The framework that looks after the test databases of a command itself. */
export async function findTestRoute(command: TestCommand): Promise<TestRoute | undefined> {
  for (const find of ROUTES) {
    const route = await find(command)
    if (route !== undefined) return route
  }
  return undefined
}
