import { mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder of files that removes itself, with room beside it for what lies outside of a project. */
export interface ProjectFixture extends Disposable {
  readonly root: string
  /** Absolute; `../` leads out of the project. */
  at(path: string): string
  write(path: string, content?: string): void
  /** `target` as the link says it. */
  link(path: string, target: string): void
}

export function createProject(paths: readonly string[] = []): ProjectFixture {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-inputs-'))
  const root = join(folder.path, 'project')
  const at = (path: string): string => join(root, path)
  const write = (path: string, content = path): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), content)
  }
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    symlinkSync(target, at(path))
  }
  mkdirSync(root)
  for (const path of paths) write(path)
  return { root, at, write, link, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}
