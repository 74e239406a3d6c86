import { readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { unsafeBecause } from '../fs/private-directory.ts'

/** This user's folder in a volume; everything that devshm puts there lies in it. */
export function userFolder(volumePath: string): string {
  return join(volumePath, `devshm-${process.geteuid?.() ?? 0}`)
}

/** Whether a path is a real folder of this user; that its mode is too wide is mended where it is used. */
export function isTrusted(folder: string): boolean {
  if (lookAt(folder) === undefined) return false
  const problem = unsafeBecause(folder)
  return problem === undefined || problem === 'mode'
}

export async function trustedFoldersIn(folder: string): Promise<string[]> {
  if (!isTrusted(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
}

export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOTEMPTY' || code === 'ENOENT' || code === 'EEXIST') return false
    throw error
  }
}
