import { cp } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createFolder, createFolderOnDisk } from './django/disk-folder.ts'
import { findDjangoPython } from './django/python.ts'
import { runToTheEnd } from './django/run-command.ts'
import type { CommandResult } from './django/run-command.ts'
import { startServer } from './django/server.ts'
import type { DjangoServer } from './django/server.ts'
import { startProcess } from './django/started-process.ts'
import type { StartedProcess } from './django/started-process.ts'

const EXAMPLE = join(import.meta.dirname, '../../examples/django-shop')
const LEFT_BEHIND_BY_USE = /^(db\.sqlite3.*|\.devshm|__pycache__)$/

export interface ProjectOptions {
  /** The folder that gets the copy; the system's temporary folder by default, if that is on a disk. */
  readonly parent?: string
  /** For every command of the project, over those of this process. */
  readonly env?: NodeJS.ProcessEnv
}

export interface ServerOptions {
  /** What runs `manage.py`, such as `[node, 'src/cli/main.ts', 'run', '--']`; nothing by default. */
  readonly prefix?: readonly string[]
  /** Whether `runserver` watches the source, in a second process; `false` by default. */
  readonly reload?: boolean
}

/** A copy of `examples/django-shop`. Disposing it kills its servers, with all they started, and removes it. */
export interface DjangoProject extends AsyncDisposable {
  /** With every link resolved. */
  readonly folder: string
  /** The origin, `db.sqlite3`; the project begins without it. */
  readonly database: string
  /** The interpreter that has Django. */
  readonly python: string
  readonly djangoVersion: string
  /** Start any command in the project. */
  start(command: readonly string[]): Promise<StartedProcess>
  /** Run any command in the project to its end. @throws when its status is not 0 */
  run(command: readonly string[]): Promise<CommandResult>
  /** Run `manage.py`, without devshm. @throws when its status is not 0 */
  manage(...args: string[]): Promise<CommandResult>
  /** The words of `manage.py …`, to put behind a prefix. */
  manageCommand(...args: string[]): string[]
  /** Start `manage.py runserver` on a free port, and wait until it answers. */
  startServer(options?: ServerOptions): Promise<DjangoServer>
}

/** @throws when there is no Django, with what to install */
export async function createDjangoProject(options: ProjectOptions = {}): Promise<DjangoProject> {
  const { python, version } = await findDjangoPython()
  await using cleanUp = new AsyncDisposableStack()
  const folder = cleanUp.use(
    options.parent === undefined ? createFolderOnDisk('django-shop-') : createFolder(options.parent, 'django-shop-'),
  ).path
  await cp(EXAMPLE, folder, { recursive: true, filter: (path) => !LEFT_BEHIND_BY_USE.test(basename(path)) })

  const inProject = { cwd: folder, ...(options.env === undefined ? {} : { env: options.env }) }
  const resources = cleanUp.move()
  const start = async (command: readonly string[]): Promise<StartedProcess> =>
    resources.use(await startProcess(command, inProject))
  const run = (command: readonly string[]): Promise<CommandResult> => runToTheEnd(() => start(command))
  const manageCommand = (...args: string[]): string[] => [python, 'manage.py', ...args]

  return {
    folder,
    database: join(folder, 'db.sqlite3'),
    python,
    djangoVersion: version,
    start,
    run,
    manage: (...args) => run(manageCommand(...args)),
    manageCommand,
    startServer({ prefix = [], reload = false } = {}) {
      const command = [...prefix, ...manageCommand('runserver', ...(reload ? [] : ['--noreload']))]
      return startServer((address) => start([...command, address]))
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
