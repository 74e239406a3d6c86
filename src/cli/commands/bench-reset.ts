import { resetOnce } from '../../benchmark/reset-once.ts'
import { openProject } from '../open-project.ts'
import type { CommonOptions } from '../options.ts'

/** One whole reset of private databases, in a process of its own: what `devshm bench` times. */
export async function benchReset(folder: string, options: CommonOptions): Promise<number> {
  await resetOnce(await openProject(options), folder)
  return 0
}
