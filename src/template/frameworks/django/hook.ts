import { mkdir, writeFile } from 'node:fs/promises'
import { delimiter, extname, join } from 'node:path'
import { DevshmError } from '../../../errors.ts'
import { readOwnFolder } from '../../../fs/own-files.ts'

/** A path that is led away, in all the ways that it may be spelled (origin, its real path, live), and where to. */
export interface Lead {
  /** Absolute. */
  readonly from: readonly string[]
  /** The private database: absolute. */
  readonly to: string
}

/** What test databases are filled from; all of it is absolute. */
export interface TestDatabases {
  /** Where devshm and the hook tell each other what they know, one folder a run. */
  readonly folder: string
  /** The template cache. */
  readonly cache: string
  /** The process that tells it. */
  readonly pid: number
}

/**
 * The variables with which Django, in the command and in all that it starts, opens private databases instead of the
 * user's; anything else of Python's that would open, write or remove one of `from` fails there. With `tests`, its test
 * databases are filled from templates. They come on top of `env`, and keep its `PYTHONPATH` and the `sitecustomize` that
 * it may lead to.
 *
 * The hook is written into a folder of its own in `folder`, which must be private and has to stay until the command has
 * ended: Python keeps compiled code beside it.
 *
 * What a hook in Python cannot see: programs that are not Python, `ATTACH`, and Python started with `-I`, `-E` or `-S`.
 *
 * @throws {DevshmError} `UNSUPPORTED`: the folder cannot stand in a `PYTHONPATH`
 */
export async function djangoHookVariables(
  env: NodeJS.ProcessEnv,
  leads: readonly Lead[],
  folder: string,
  tests?: TestDatabases,
): Promise<Record<string, string>> {
  if (folder.includes(delimiter)) {
    throw new DevshmError('UNSUPPORTED', `Python cannot be given the folder ${folder}: it has a "${delimiter}"`, {
      hint: 'choose another folder for the volume with DEVSHM_VOLUME',
    })
  }
  const own = join(folder, 'python')
  await mkdir(own, { recursive: true, mode: 0o700 })
  const files = [...(await readOwnFolder('hook', import.meta.url))].filter(([name]) => extname(name) === '.py')
  await Promise.all(files.map(([name, content]) => writeFile(join(own, name), content)))
  const path = env['PYTHONPATH']
  return {
    PYTHONPATH: path ? `${own}${delimiter}${path}` : own,
    DEVSHM_DJANGO: JSON.stringify({ leads: leads.map(({ from, to }) => ({ from, to })), tests }),
  }
}
