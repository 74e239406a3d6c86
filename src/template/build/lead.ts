import { realpathSync } from 'node:fs'
import type { Context } from '../../session/context.ts'
import { BUILDING } from '../../session/locked.ts'
import { lookThrough } from '../../fs/look.ts'
import { lendPath } from './lend.ts'
import { djangoHookVariables } from '../frameworks/django/hook.ts'
import { fillVariables, type PrivatePlaces } from '../fill-variables.ts'
import type { Plan } from '../plan.ts'
import { currentPathOf } from './current.ts'
import type { Workplace } from './workplace.ts'

/**
 * Do something with the steps' environment, such that whoever opens a database of the project in it gets the private
 * one of the workplace.
 */
export async function leadingAway<T>(
  plan: Plan,
  place: Workplace,
  action: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const env = { ...plan.env, [BUILDING]: place.folder }
  const { route } = plan
  switch (route.kind) {
    case 'variables':
      return await action({ ...env, ...fillVariables({ ...route.variables, ...route.forSteps }, whereIn(plan, place)) })
    case 'django':
      return await action({ ...env, ...(await djangoHookVariables(env, await leadsOf(plan, place), place.folder)) })
    case 'in-place':
      return await lendPath(
        place.contexts,
        (name) => place.pathOf(name),
        () => action(env),
      )
  }
}

function whereIn(plan: Plan, place: Workplace): PrivatePlaces {
  return { first: plan.databases[0]?.name ?? '', pathOf: (name) => place.pathOf(name), folder: place.folder }
}

async function leadsOf(plan: Plan, place: Workplace): Promise<{ from: string[]; to: string }[]> {
  return await Promise.all(
    plan.databases.map(async ({ name, origin }) => ({
      from: await pathsTo(origin, place.contexts.get(name)),
      to: place.pathOf(name),
    })),
  )
}

/** Every path that leads to a database. */
export async function pathsTo(origin: string, context: Context | undefined): Promise<string[]> {
  const real = lookThrough(origin) === undefined ? [] : [realpathSync(origin)]
  const known = context === undefined ? [] : [context.places.origin, await currentPathOf(context)]
  return [...new Set([origin, ...known, ...real])]
}
