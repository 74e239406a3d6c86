import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { quoted } from '../fs/quoted.ts'
import type { Project, SetupStep } from '../template/framework.ts'

/**
 * A step that also runs for others: the Python of an active virtual environment outside of the project is called by its
 * name, if that leads to it.
 */
export function portable(step: SetupStep, { root, env }: Project): SetupStep {
  const active = env['VIRTUAL_ENV']
  if (!active || active.startsWith(root + sep)) return step
  const python = join(active, 'bin/python')
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder !== '')
  const first = folders.map((folder) => join(folder, 'python')).find((path) => existsSync(path))
  return first === python ? { ...step, run: step.run.replace(quoted(python), 'python') } : step
}
