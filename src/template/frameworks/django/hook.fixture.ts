import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createFolderOnDisk } from '../../../../test/support/django/disk-folder.ts'
import { findDjangoPython } from '../../../../test/support/django/python.ts'
import { djangoHookVariables } from './hook.ts'

const EXAMPLE = join(import.meta.dirname, '../../../../examples/django-shop')
const LEFT_BEHIND_BY_USE = /^(?:db\.sqlite3.*|\.devshm|__pycache__)$/

interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A project with a user's database, and Pythons that are led away from it. */
export interface HookedProject extends Disposable {
  readonly folder: string
  /** The user's database, with one table, `precious`. */
  readonly origin: string
  /** Where they are led to. */
  readonly to: string
  /** Of the hook alone. */
  readonly variables: Record<string, string>
  write(name: string, text: string): string
  python(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>
  /** Tables of one of the two; none if there is no such file. */
  tablesOf(path: string): string[]
}

/** Asked once a file of tests. */
let found: ReturnType<typeof findDjangoPython> | undefined

export async function createHookedProject(
  options: { shop?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<HookedProject> {
  found ??= findDjangoPython()
  const { python } = await found
  using stack = new DisposableStack()
  const { path } = stack.use(createFolderOnDisk('django-hook-'))
  const folder = join(path, 'the project')
  mkdirSync(folder)
  if (options.shop === true) {
    await cp(EXAMPLE, folder, { recursive: true, filter: (each) => !LEFT_BEHIND_BY_USE.test(basename(each)) })
  }
  const origin = join(folder, 'db.sqlite3')
  const to = join(path, 'private.sqlite3')
  using database = new DatabaseSync(origin)
  database.exec('create table precious(a); insert into precious values (1)')
  const outer = { ...process.env, ...options.env }
  const variables = await djangoHookVariables(outer, [{ from: [origin], to }], join(path, 'private'))
  const resources = stack.move()
  return {
    folder,
    origin,
    to,
    variables,
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    },
    python: (args, env) => run(python, args, folder, { ...outer, ...variables, ...env }),
    tablesOf,
    [Symbol.dispose]: () => resources.dispose(),
  }
}

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout: 60_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr })
    })
  })
}

function tablesOf(path: string): string[] {
  if (!existsSync(path)) return []
  using database = new DatabaseSync(path, { readOnly: true })
  return database
    .prepare(`select name from sqlite_schema where type = 'table' order by name`)
    .all()
    .map(({ name }) => String(name))
}
