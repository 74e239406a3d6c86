import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ExampleProject } from './example-project.ts'

export function add(project: ExampleProject, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) project.write(path, text)
}

/** Edit a file such that it means the same as before, or make one. */
export function touch(path: string): (project: ExampleProject) => void {
  return ({ folder, edit, write }) => {
    if (!existsSync(join(folder, path))) return write(path, 'new')
    const remark = path.endsWith('.json') ? ' ' : /\.rb$|\.lock$/.test(path) ? '# edited\n' : '// edited\n'
    edit(path, '', remark)
  }
}
