import { openProject as open, type ProjectWithSetup } from '../template/open-project.ts'
import type { CommonOptions } from './options.ts'
import { reporter } from './reporter.ts'
import { templateReporter } from './template-reporter.ts'

/** The project of a command line, with its set-up; what happens is shown on standard error. */
export async function openProject(options: CommonOptions): Promise<ProjectWithSetup> {
  const { cwd, env, db } = options
  return await open({ cwd, env, db, report: reporter(options), reportTemplate: templateReporter(options) })
}
