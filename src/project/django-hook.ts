import { delimiter } from 'node:path'

/**
 * The variable that says what devshm's hook does in a Python: one JSON object, whose `folder` is that of the hook in
 * `PYTHONPATH`.
 */
export const DJANGO_HOOK = 'DEVSHM_DJANGO'

/** An environment without the hook, for what must be the same inside of `devshm run --no-link` and outside. */
export function withoutDjangoHook(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folder = hookFolderIn(env)
  const rest = { ...env }
  delete rest[DJANGO_HOOK]
  const path = (env['PYTHONPATH'] ?? '').split(delimiter).filter((each) => each !== folder)
  if (path.length === 0 || path.join('') === '') delete rest['PYTHONPATH']
  else rest['PYTHONPATH'] = path.join(delimiter)
  return env[DJANGO_HOOK] === undefined ? env : rest
}

function hookFolderIn(env: NodeJS.ProcessEnv): string | undefined {
  const told = djangoHookIn(env)
  return typeof told['folder'] === 'string' ? told['folder'] : undefined
}

/** What an environment tells the hook; nothing where it tells it nothing that can be understood. */
export function djangoHookIn(env: NodeJS.ProcessEnv): Record<string, unknown> {
  try {
    const told: unknown = JSON.parse(env[DJANGO_HOOK] ?? '{}')
    return typeof told === 'object' && told !== null ? { ...told } : {}
  } catch {
    return {}
  }
}
