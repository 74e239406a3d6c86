import type { Clone } from './clone.ts'

/**
 * The variables that hand clones to a command: those that lead an app to the first one, and each clone's path as
 * `DEVSHM_CLONE_<number>`; with several databases also `DEVSHM_CLONE_<number>_<NAME>`.
 */
export function cloneVariables(clones: readonly Clone[]): Record<string, string> {
  const variables: Record<string, string> = { ...clones[0]?.variables }
  for (const [index, { path, databases }] of clones.entries()) {
    const own = `DEVSHM_CLONE_${index + 1}`
    variables[own] = path
    const named = Object.entries(databases)
    if (named.length === 1) continue
    for (const [name, database] of named) variables[`${own}_${asVariable(name)}`] = database.path
  }
  return variables
}

function asVariable(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}
