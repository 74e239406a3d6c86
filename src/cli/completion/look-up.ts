import { formatBytes } from '../../fs/format-bytes.ts'
import { loadConfiguration } from '../../project/configuration.ts'
import { findProjectRoot } from '../../project/find-project.ts'
import { searchFolder } from '../../project/search-folder.ts'
import { placesOf, resolveOrigin } from '../../session/places.ts'
import { listSnapshots } from '../../snapshot/list.ts'
import { formatTime, typedHere } from '../render/names.ts'
import { resolve } from 'node:path'
import type { Candidate, LookUp } from './complete.ts'

/** Look things up for a completion: on disk, never by asking Django, and without changing anything. */
export function lookUpFrom(cwd: string): LookUp {
  const databases = async (): Promise<readonly string[]> => {
    const root = findProjectRoot(cwd)
    const { databases: configured } = await loadConfiguration(root)
    if (configured !== undefined) return Object.values(configured).map(({ path }) => resolve(root, path))
    const { databases: found, removed } = searchFolder(root)
    return [...found, ...removed]
  }
  return {
    databases: async () => (await databases()).map((path) => ({ value: typedHere(path, cwd), description: '' })),
    async snapshots(db) {
      const paths = db.length > 0 ? db.map((path) => resolve(cwd, path)) : await databases()
      const origins = new Set(paths.map((path) => resolveOrigin(path)))
      const found = [...origins].flatMap((origin) => listSnapshots(placesOf(origin)))
      const named = new Map<string, Candidate>()
      for (const { name, bytes, at } of found) {
        named.set(name, { value: name, description: `${formatBytes(bytes)}, ${formatTime(at.toISOString())}` })
      }
      return [...named.values()]
    },
  }
}
