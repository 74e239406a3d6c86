import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface TestProject extends Disposable {
  readonly path: string
  readonly at: (...names: string[]) => string
  readonly write: (name: string, text: string) => string
  readonly folder: (name: string) => string
  readonly database: (name: string) => string
}

/** A real folder with these files, which goes away with the scope. */
export function createTestProject(files: Readonly<Record<string, string>> = {}): TestProject {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'devshm-project-')))
  const at = (...names: string[]): string => join(path, ...names)
  const folder = (name: string): string => {
    mkdirSync(at(name), { recursive: true })
    return at(name)
  }
  const write = (name: string, text: string): string => {
    folder(dirname(name))
    writeFileSync(at(name), text)
    return at(name)
  }
  const database = (name: string): string => {
    folder(dirname(name))
    using connection = new DatabaseSync(at(name))
    connection.exec('create table t(a)')
    return at(name)
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  return { path, at, write, folder, database, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
