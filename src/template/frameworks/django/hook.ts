import { mkdir, writeFile } from 'node:fs/promises'
import { delimiter, extname, join } from 'node:path'
import { DevshmError } from '../../../errors.ts'
import { DJANGO_HOOK, djangoHookIn, withoutDjangoHook } from '../../../project/django-hook.ts'
import { readOwnFolder } from '../../../fs/own-files.ts'

/** A path that is led away, in all the ways that it may be spelled (origin, its real path, live), and where to. */
export interface Lead {
  /** Absolute. */
  readonly from: readonly string[]
  /** The private database: absolute. */
  readonly to: string
}

/** Origins that are in RAM for one command, without links to it. */
export interface LiveLeads {
  /** To live: for whatever of Python's connects to an origin. */
  readonly leads: readonly Lead[]
  /** A folder in which the hook leaves signs of what it did. */
  readonly signs: string
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
 * databases are filled from templates. With `live`, connections to origins lead to RAM. They come on top of `env`, and
 * keep its `PYTHONPATH` and the `sitecustomize` that it may lead to, and what the hook of an outer `devshm run --no-link`
 * leads to, where this one does not lead elsewhere.
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
  { tests, live }: { readonly tests?: TestDatabases; readonly live?: LiveLeads } = {},
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
  const path = withoutDjangoHook(env)['PYTHONPATH']
  const outer = djangoHookIn(env)['live']
  const told = {
    folder: own,
    leads: leads.map(({ from, to }) => ({ from, to })),
    live: [...(live === undefined ? [] : [live]), ...(Array.isArray(outer) ? (outer as unknown[]) : [])],
    tests,
  }
  return { PYTHONPATH: path ? `${own}${delimiter}${path}` : own, [DJANGO_HOOK]: JSON.stringify(told) }
}
