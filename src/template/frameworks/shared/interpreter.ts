import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/**
 * Which Node.js or Ruby the steps will run on, told without starting it: the program that comes first on the path, with
 * its links resolved (version managers have the version in there) and its size. Empty where there is none.
 */
export function interpreter(name: string, env: NodeJS.ProcessEnv): readonly string[] {
  for (const folder of (env['PATH'] ?? '').split(':')) {
    try {
      const path = realpathSync(join(folder, name))
      accessSync(path, constants.X_OK)
      if (path === process.execPath) return [`${name} ${process.version}`]
      return [`${name} ${path} (${statSync(path).size} bytes)`]
    } catch {
      // Not in this folder.
    }
  }
  return []
}
