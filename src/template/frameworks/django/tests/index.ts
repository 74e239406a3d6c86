import { basename } from 'node:path'
import { withoutDjangoHook } from '../../../../project/django-hook.ts'
import { findProjectRoot } from '../../../../project/find-project.ts'
import type { FindTestRoute } from '../../../test-route.ts'
import { djangoHookVariables } from '../hook.ts'
import { announceBase, writeBase } from './base.ts'
import { locateTests } from './locate.ts'

/** What runs tests of Python, or may do so. Anything else in a project of Django's (a browser's, a script) gets a clone. */
const OF_PYTHON =
  /^(?:python[\d.]*|pypy[\d.]*|manage\.py|django-admin|pytest|py\.test|coverage|tox|nox|uv|poetry|pdm|hatch|pipenv|rye|make|just|task|invoke|inv)$|\b(?:manage\.py|pytest)\s/

/**
 * Have Django's own test databases filled from templates, for as long as a command runs. They are what Django makes by its
 * migrations, at the same place: in memory as a rule. Disposing reports what became of them: with `DEVSHM_EXPLAIN` all of
 * it, else only what went wrong, once.
 *
 * @returns `undefined` where the command is not about a project of Django's
 */
export const findDjangoTests: FindTestRoute = async ({ command, cwd, env, folder, cache, report }) => {
  const plain = withoutDjangoHook(env)
  if (!command.some((word) => OF_PYTHON.test(basename(word)))) return undefined
  const root = findProjectRoot(cwd)
  const location = locateTests({ root, cwd, command, env: plain })
  if (!location.isDjango) return undefined
  const variables = await djangoHookVariables(env, [], folder, {
    tests: { folder, cache: cache.home, pid: process.pid },
  })
  announceBase(folder)
  let looking: Promise<void> | undefined
  return {
    variables,
    // Django waits for what is found out; starting takes it longer than that. So what it takes is loaded now as well.
    started: () => {
      looking = writeBase(folder, async () => (await import('./find-base.ts')).findBase(root, plain, location))
    },
    [Symbol.asyncDispose]: async () => {
      await looking
      const { firstFailure, testDatabaseEvents } = await import('./reports.ts')
      const events = testDatabaseEvents(cache, folder)
      const isAsked = !['', '0', undefined].includes(env['DEVSHM_EXPLAIN'])
      for (const event of isAsked ? events : firstFailure(events)) report(event)
      if (!events.some(({ outcome, kept }) => outcome !== 'hit' && kept)) return
      const { prune, USUAL_LIMITS } = await import('../../../prune.ts')
      await prune(cache, USUAL_LIMITS)
    },
  }
}
