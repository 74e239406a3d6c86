import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Project } from '../../template/framework.ts'
import { textOf } from './text.ts'

const LOCK_FILES = ['uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock', 'requirements.txt', 'pyproject.toml']
const VARIABLE = /\b(?:environ(?:\.get\(|\[)|getenv\(|env(?:\.\w+)?\()\s*['"](\w+)['"]/g
const OF_A_DATABASE = /DATABASE|DB|SQLALCHEMY|SQLITE/

/** How a Python tool is started in a folder of the project: from the virtual environment there, else by its name. */
export function pythonTool({ root }: Project, base: string, tool: string): string {
  const places = ['.venv', 'venv'].map((name) => posix.join(name, 'bin', tool))
  return places.find((path) => existsSync(join(root, base, path))) ?? tool
}

/** Files that say what is installed. */
export function lockFiles({ files }: Project, base: string): string[] {
  const all = new Set(files)
  return LOCK_FILES.map((name) => posix.join(base, name)).filter((path) => all.has(path))
}

/** The variable by which these modules take the address of the database, if there is one. */
export function databaseVariable(project: Project, modules: readonly string[]): string | undefined {
  const names = modules.flatMap((path) => [...textOf(project, path).matchAll(VARIABLE)].map(([, name = '']) => name))
  return names.find((name) => OF_A_DATABASE.test(name))
}

/** The files in addresses such as `sqlite:///app.db`. */
export function sqliteAddresses(text: string): string[] {
  return [...text.matchAll(/\bsqlite(?:\+\w+)?:\/\/\/([\w./-]+)/g)].map(([, path = '']) => path)
}
