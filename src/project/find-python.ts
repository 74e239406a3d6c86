import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

export interface PythonUse {
  readonly cwd: string
  readonly root: string
  /** The folder of `manage.py`. */
  readonly folder: string
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/**
 * The Pythons that the project may run with, the likeliest first: the one in the command, that of the active virtual
 * environment, that of `.venv` or `venv` in the project, and those on the `PATH`, where they are just names.
 */
export function findPythons({ cwd, root, folder, command, env }: PythonUse): string[] {
  const [first = ''] = command
  const inCommand = /^python[\d.]*$/.test(basename(first)) ? [first.includes('/') ? resolve(cwd, first) : first] : []
  const active = env['VIRTUAL_ENV'] ? [env['VIRTUAL_ENV']] : []
  const environments = [...active, ...[folder, root].flatMap((each) => [join(each, '.venv'), join(each, 'venv')])]
  const inEnvironments = environments.map((each) => join(each, 'bin/python')).filter((path) => existsSync(path))
  return [...new Set([...inCommand, ...inEnvironments, 'python3', 'python'])]
}
