import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { DevshmError, reasonOf } from '../errors.ts'
import { makeFolders } from '../fs/make-folders.ts'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'

/** The folders of the template cache, shared by all projects and worktrees of a user. */
export interface Cache {
  readonly home: string
  /** One folder a layer, by fingerprint; what has a name here is complete. */
  readonly layers: string
  /** One folder a test database of Django's, by its key; what has a name here is complete. */
  readonly tests: string
  /** Layers on their way, on the same file system. */
  readonly unfinished: string
  /** One lock a layer that is being built, and one that shows who is using it. */
  readonly locks: string
  /** What is known of projects' files, by stat. */
  readonly facts: string
}

/**
 * Where the cache is: `DEVSHM_CACHE`, else `$XDG_CACHE_HOME/devshm`, else `~/.cache/devshm`.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheOf(env: NodeJS.ProcessEnv): Cache {
  const home = homeOf(env)
  return {
    home,
    layers: join(home, 'layers'),
    tests: join(home, 'tests'),
    unfinished: join(home, 'unfinished'),
    locks: join(home, 'locks'),
    facts: join(home, 'facts'),
  }
}

/**
 * Make the cache's folders, private to the user.
 *
 * @throws {DevshmError} `IO`: they cannot be made; `UNSAFE_FOLDER`: something else is in their place
 */
export function ensureCache({ home, layers, tests, unfinished, locks, facts }: Cache): void {
  try {
    makeFolders(dirname(home))
    for (const folder of [home, layers, tests, unfinished, locks, facts]) ensurePrivateDirectory(folder)
  } catch (error) {
    if (error instanceof DevshmError) throw error
    throw new DevshmError('IO', `cannot make the folder for templates ${home}: ${reasonOf(error)}`, {
      hint: 'name another one with DEVSHM_CACHE',
      cause: error,
      details: { path: home },
    })
  }
}

function homeOf(env: NodeJS.ProcessEnv): string {
  const own = env['DEVSHM_CACHE']
  if (own !== undefined && own !== '') {
    if (isAbsolute(own)) return own
    throw new DevshmError('USAGE', `DEVSHM_CACHE is ${own}, expected an absolute path`, { hint: 'correct or unset it' })
  }
  const xdg = env['XDG_CACHE_HOME']
  // The specification: relative paths are invalid and to be ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] || homedir(), '.cache'), 'devshm')
}
