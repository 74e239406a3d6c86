import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findSettingsModule } from '../project/django-settings-module.ts'

const MOST_FILES = 30
/** In bytes. Settings that people write are far smaller. */
const LARGEST_FILE = 300_000

export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** The Python files beside the settings module of a Django project, itself among them. */
export function settingsFiles(folder: string, env: NodeJS.ProcessEnv): SourceFile[] {
  const name = findSettingsModule(folder, [], env)
  if (name === undefined) return []
  const path = join(folder, ...name.split('.'))
  return [path, dirname(path)].flatMap(pythonIn).slice(0, MOST_FILES).flatMap(readSource)
}

/** A file's text, as a list of one; nothing where it is not there, is no file or cannot be read. */
export function readSource(path: string): SourceFile[] {
  try {
    const stats = statSync(path)
    if (!stats.isFile() || stats.size > LARGEST_FILE) return []
    return [{ path, text: readFileSync(path, 'utf8') }]
  } catch {
    return []
  }
}

function pythonIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.py'))
    return names.toSorted().map((name) => join(folder, name))
  } catch {
    return []
  }
}
