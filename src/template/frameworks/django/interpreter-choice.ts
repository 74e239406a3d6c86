import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'

const BY_FILES = ['.python-version', '.tool-versions', 'mise.toml', '.mise.toml', 'pixi.toml']
const BY_VARIABLES = /^(?:PYENV|ASDF|MISE|RTX|CONDA|PIXI|UV|PYTHONHOME)/

/**
 * What decides which interpreter a file is. That is the file alone, but for a script: a version manager's, which chooses
 * by variables and by files in the working directory, those above it, and the home.
 */
export function choiceOf(file: string, root: string, env: NodeJS.ProcessEnv): readonly string[] {
  if (!isScript(file)) return []
  const variables = Object.entries(env).filter(([name]) => BY_VARIABLES.test(name))
  const folders = new Set<string>()
  for (let folder = root; !folders.has(folder); folder = dirname(folder)) folders.add(folder)
  const homes = [env['HOME'] ?? '/', env['PYENV_ROOT'] ?? join(env['HOME'] ?? '/', '.pyenv')]
  const files = [...folders, ...homes].flatMap((folder) => BY_FILES.map((name) => join(folder, name)))
  const contents = [...files, ...homes.map((home) => join(home, 'version'))].map(textOf)
  return [...variables.map(([name, value]) => `${name}=${value ?? ''}`).toSorted(), ...contents]
}

function isScript(file: string): boolean {
  const start = Buffer.alloc(2)
  try {
    const descriptor = openSync(file, 'r')
    try {
      readSync(descriptor, start)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return false
  }
  return start.toString('latin1') === '#!'
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
