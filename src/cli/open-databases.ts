import { openContexts, type ProjectContexts } from '../session/contexts.ts'
import type { Report } from '../session/events.ts'
import type { CommonOptions } from './options.ts'

/** The databases that a command line means; the command to run may tell where the project is. */
export async function openDatabases(
  { cwd, env, db }: CommonOptions,
  report: Report,
  command?: readonly string[],
): Promise<ProjectContexts> {
  return await openContexts({ cwd, env, explicit: db, command }, report)
}
