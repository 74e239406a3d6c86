import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { findPythons } from '../../../project/find-python.ts'
import type { Project } from '../../framework.ts'
import type { Location } from './locate.ts'

export interface Python {
  /** As it is called in a command: a path, or a name that is on the `PATH`. */
  readonly command: string
  /** Absolute; `undefined` if there is none. */
  readonly file: string | undefined
}

/** The Python that the project would run with. */
export function findPython({ root, env }: Project, { folder }: Location): Python {
  const candidates = findPythons({ cwd: root, root, folder: join(root, folder), command: [], env })
  for (const command of candidates) {
    const file = command.includes('/') ? command : findOnPath(command, env)
    if (file !== undefined) return { command, file }
  }
  return { command: 'python3', file: undefined }
}

function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'))
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
