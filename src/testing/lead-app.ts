import { dirname } from 'node:path'
import { DevshmError } from '../errors.ts'
import { fillVariables } from '../template/fill-variables.ts'
import { djangoHookVariables } from '../template/frameworks/django/hook.ts'
import type { Clone } from './clone.ts'
import { findTemplate } from './find-template.ts'
import type { TestDatabasesHandle } from './handle.ts'

export interface HowToLead {
  /** The app's environment. */
  readonly env: NodeJS.ProcessEnv
  /** Come on top; `{path}` and `{path:NAME}` in a value are filled in. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * The variables with which an app opens a clone instead of the project's databases: those of the configuration or of the
 * framework, or of Django's hook, and the given ones.
 *
 * @throws {DevshmError} `UNSUPPORTED`: nothing leads the app to the clone
 */
export async function leadApp(
  handle: TestDatabasesHandle,
  clone: Clone,
  { env, variables }: HowToLead,
): Promise<Record<string, string>> {
  const folder = dirname(clone.path)
  const pathOf = (name: string): string => clone.databases[findTemplate(handle, name).name]?.path ?? clone.path
  const leads = (handle.django ?? []).map(({ name, from }) => ({ from, to: pathOf(name) }))
  const hook = leads.length > 0 ? await djangoHookVariables(env, leads, folder) : {}
  const first = handle.databases[0]?.name ?? ''
  const led = { ...hook, ...clone.variables, ...fillVariables(variables, { first, pathOf, folder }) }
  if (Object.values(led).some((value) => value.includes(folder))) return led
  throw new DevshmError('UNSUPPORTED', `nothing leads the app in ${handle.root} to a database of its own`, {
    hint: 'name the variables that it reads, such as { "DATABASE_URL": "file:{path}" }, under "env" in devshm.config.json',
  })
}
