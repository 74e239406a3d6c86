import { hash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createFolderOnDisk } from '../../../../test/support/django/disk-folder.ts'
import type { Framework, InputRole } from '../../framework.ts'
import { listFiles } from '../../inputs/list-files.ts'
import { openFileFacts } from '../../inputs/open-file-facts.ts'
import { findDjango } from './index.ts'

const EXAMPLE = join(import.meta.dirname, '../../../../examples/django-shop')
const LEFT_BEHIND_BY_USE = /^(?:db\.sqlite3.*|\.devshm|__pycache__)$/

export const MANAGE = `import os
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings')
from django.core.management import execute_from_command_line
`

/** A Django project in a folder of its own, with a cache of its own; it goes away with the scope. */
export interface ExampleProject extends Disposable {
  readonly root: string
  write(name: string, text: string): void
  read(name: string): string
  remove(name: string): void
  /** What devshm finds now. */
  find(options?: FindOptions): Promise<Framework | undefined>
  /** The roles of its inputs, by path. */
  roles(): Promise<Record<string, InputRole>>
  /** What a fingerprint takes from it. */
  key(): Promise<string>
}

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly databases?: Readonly<Record<string, string>>
}

/** With these files; without any it is a copy of `examples/django-shop`. */
export function createExampleProject(files?: Readonly<Record<string, string>>): ExampleProject {
  using stack = new DisposableStack()
  const { path } = stack.use(createFolderOnDisk('find-django-'))
  const root = join(path, 'project')
  if (files === undefined)
    cpSync(EXAMPLE, root, { recursive: true, filter: (each) => !LEFT_BEHIND_BY_USE.test(basename(each)) })
  // In the place of Python, for what it is asked where nothing is said of the Python: a hundred times as fast.
  mkdirSync(join(path, 'bin'))
  writeFileSync(
    join(path, 'bin/python3'),
    `#!/bin/sh\necho '{"version": "3.11.2", "path": [], "executable": "/bin/sh"}'\n`,
    { mode: 0o755 },
  )
  const facts = join(path, 'facts')
  mkdirSync(facts, { mode: 0o700 })
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  for (const [name, text] of Object.entries(files ?? {})) write(name, text)

  const find = async ({ env = {}, databases = { default: 'db.sqlite3' } }: FindOptions = {}): Promise<
    Framework | undefined
  > => {
    const opened = openFileFacts(root, facts)
    const framework = await findDjango({
      root,
      env: { PATH: join(path, 'bin'), HOME: path, DEVSHM_CACHE: join(path, 'cache'), ...env },
      databases: Object.entries(databases).map(([name, file]) => ({ name, origin: join(root, file) })),
      files: listFiles(root),
      facts: opened,
    })
    opened.save()
    return framework
  }
  const resources = stack.move()
  return {
    root,
    write,
    find,
    read: (name) => readFileSync(join(root, name), 'utf8'),
    remove: (name) => {
      rmSync(join(root, name))
    },
    roles: async () => Object.fromEntries((await find())?.inputs.map(({ path: each, role }) => [each, role]) ?? []),
    key: async () => {
      const framework = await find()
      const inputs = framework?.inputs.map((input) => [input, hash('sha256', readFileSync(join(root, input.path)))])
      return hash('sha256', JSON.stringify([inputs, framework?.packages, framework?.variables, framework?.steps]))
    },
    [Symbol.dispose]: () => {
      resources.dispose()
    },
  }
}
