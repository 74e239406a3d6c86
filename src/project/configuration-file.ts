import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError, reasonOf, UsageError } from '../errors.ts'
import { isByStranger } from '../fs/strangers-file.ts'

export const CONFIGURATION_FILE = 'devshm.config.json'

/** In bytes. A larger file is no configuration that a person wrote. */
const LARGEST_FILE = 1_000_000

/** Where a project's configuration is: a file, and the keys that lead to it in there. */
export interface ConfigurationFile {
  readonly path: string
  readonly under: readonly string[]
}

/** Whether a folder has a `devshm.config.json`, or a `package.json` with a `devshm` key. */
export function hasConfiguration(folder: string): boolean {
  return existsSync(join(folder, CONFIGURATION_FILE)) || packageHasConfiguration(folder)
}

/** @throws {UsageError} the folder has both kinds of configuration */
export function findConfigurationFile(folder: string): ConfigurationFile | undefined {
  const own = join(folder, CONFIGURATION_FILE)
  const shared = join(folder, 'package.json')
  const inPackage = packageHasConfiguration(folder)
  if (!existsSync(own)) return inPackage ? { path: shared, under: ['devshm'] } : undefined
  if (!inPackage) return { path: own, under: [] }
  throw new UsageError(`devshm is configured twice: in ${own} and by the key "devshm" in ${shared}`, {
    hint: 'keep one of the two',
    details: { files: [own, shared] },
  })
}

/** @throws {DevshmError} `CONFIGURATION`: it cannot be read, may be a stranger's, is larger than 1 MB, or is not UTF-8 */
export function readConfigurationFile(path: string): string {
  let bytes: Uint8Array
  if (isByStranger(path)) {
    throw new DevshmError('CONFIGURATION', `${path} belongs to another user, who has put it into a shared folder`, {
      hint: 'keep the project in a folder of your own: a configuration names commands that devshm runs',
      details: { file: path },
    })
  }
  try {
    const { size } = statSync(path)
    if (size > LARGEST_FILE) {
      throw new DevshmError('CONFIGURATION', `${path} has ${size} bytes, a configuration may have ${LARGEST_FILE}`, {
        hint: 'check that this is the file you meant',
        details: { file: path },
      })
    }
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof DevshmError) throw error
    throw unreadable(path, reasonOf(error), error)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw unreadable(path, 'it is not UTF-8 text', error)
  }
}

function unreadable(path: string, reason: string, cause: unknown): DevshmError {
  return new DevshmError('CONFIGURATION', `cannot read the configuration ${path}: ${reason}`, {
    hint: 'make it a readable text file, or remove it',
    cause,
    details: { file: path },
  })
}

function packageHasConfiguration(folder: string): boolean {
  const text = readPackage(join(folder, 'package.json'))
  if (text === undefined || !text.includes('"devshm"')) return false
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null && Object.hasOwn(content, 'devshm')
  } catch {
    // It may well be configured in there: reading the configuration reports the place of the mistake.
    return true
  }
}

function readPackage(path: string): string | undefined {
  try {
    // Opening a pipe of that name would wait for ever.
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}
