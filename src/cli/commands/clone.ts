import { resolve } from 'node:path'
import { cloneForUser, removeClone } from '../../testing/for-user.ts'
import { cloneReporter } from '../clone-reporter.ts'
import { openProject } from '../open-project.ts'
import type { CommonOptions } from '../options.ts'
import { printLine, printPath } from '../output.ts'

/** Make a clone for a script, and print where it is. */
export async function makeClone(options: CommonOptions & { readonly for?: number }): Promise<number> {
  const project = await openProject(options)
  const { path, url, databases, variables, isInRam } = await cloneForUser(project, {
    env: options.env,
    pid: options.for,
    report: cloneReporter(options),
  })
  if (options.json) printLine(JSON.stringify({ path, url, databases, variables, isInRam }))
  else for (const database of Object.values(databases)) printPath(database.path)
  return 0
}

/** Remove clones that `makeClone` made. */
export async function removeClones(paths: readonly string[], { cwd, json }: CommonOptions): Promise<number> {
  const removed = paths.map((path) => resolve(cwd, path))
  for (const path of removed) await removeClone(path)
  if (json) printLine(JSON.stringify({ removed }))
  return 0
}
