import { accessSync, constants, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DevshmError, reasonOf, systemCodeOf } from '../../errors.ts'
import { isLeftOut } from './left-out.ts'
import { pathOfText, textOfName } from './odd-names.ts'

/** A folder as it is listed, and where it really lies once links are resolved. */
export interface Folder {
  /** Relative to the project's folder, ending with `/`; nothing for the project's folder itself. */
  readonly prefix: string
  readonly real: string
}

export interface Found {
  readonly files: string[]
  /** Links to folders, by what they lead to. Not those to a folder that they lie in themselves. */
  readonly links: Folder[]
}

/** Asked with the real path of a folder, and a name in it. */
export type IsSkipped = (folder: string, name: string) => boolean

/**
 * All files below a folder, and the links to other folders.
 *
 * The functions that block are used on purpose: a trip through the thread pool costs more than reading a folder.
 */
export function walk(root: string, start: Folder, isSkipped: IsSkipped): Found {
  const found: Found = { files: [], links: [] }
  const waiting = [start]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { prefix, real } = folder
    for (const entry of entriesOf(`${root}/${prefix}`)) {
      const { name } = entry
      if (isLeftOut(name) || isSkipped(real, name)) continue
      if (entry.isFile()) found.files.push(prefix + name)
      else if (entry.isDirectory()) waiting.push({ prefix: `${prefix}${name}/`, real: `${real}/${name}` })
      else if (entry.isSymbolicLink()) follow(root, folder, name, isSkipped, found)
    }
  }
  return found
}

/** A link that leads nowhere or in a circle counts as absent: no step can read it. */
function follow(root: string, { prefix, real }: Folder, name: string, isSkipped: IsSkipped, found: Found): void {
  const path = pathOfText(`${root}/${prefix}${name}`)
  try {
    const stats = statSync(path)
    if (!stats.isFile() && !stats.isDirectory()) return
    const target = realpathSync(path)
    if (isSkipped(dirname(target), basename(target))) return
    if (stats.isFile()) found.files.push(prefix + name)
    else if (!isWithin(real, target)) found.links.push({ prefix: `${prefix}${name}/`, real: target })
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(systemCodeOf(error) ?? '')) throw cannotList(path, error)
  }
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? folder : `${folder}/`)
}

function entriesOf(folder: string): readonly Dirent[] {
  const path = pathOfText(folder)
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries.some(({ name }) => name.includes('\ufffd')) ? entriesByBytes(path) : entries
  } catch (error) {
    const code = systemCodeOf(error)
    // Removed since it was seen.
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    if (code === 'EACCES' && !mayEnter(path)) return []
    throw cannotList(path, error)
  }
}

/** The replacement character stands in a name, or for bytes of it that are no UTF-8: look again at the bytes. */
function entriesByBytes(path: string | Buffer): readonly Dirent[] {
  const entries = readdirSync(path, { withFileTypes: true, encoding: 'buffer' })
  return entries.map((entry) => Object.assign(entry as unknown as Dirent, { name: textOfName(entry.name) }))
}

/** What cannot be listed but entered may hold files that a step opens by their names. */
function mayEnter(path: string | Buffer): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function cannotList(path: string | Buffer, cause: unknown): DevshmError {
  return new DevshmError('IO', `cannot list ${String(path)}, which may hold inputs of the set-up: ${reasonOf(cause)}`, {
    hint: 'make the folder readable, or move it out of the project',
    cause,
    details: { path: String(path) },
  })
}
