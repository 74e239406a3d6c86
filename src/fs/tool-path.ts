import { isAbsolute } from 'node:path'

/** Where the tools of the system lie; a user's path may lack the last two. */
const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']

/**
 * The `PATH` by which devshm looks for tools that it starts by itself. What is relative in the user's own, such as `.`, is
 * left out: a project must not have devshm start a program of its own because it is called `cat`.
 */
export function toolPath(env: NodeJS.ProcessEnv): string {
  return [...absoluteFolders(env), ...SYSTEM_FOLDERS].join(':')
}

/** The same for what need not be there, such as git. */
export function usersPath(env: NodeJS.ProcessEnv): string {
  // Searched along an empty one, a name would be looked up in the folder that devshm is called in.
  return absoluteFolders(env).join(':') || '/dev/null'
}

function absoluteFolders({ PATH = '' }: NodeJS.ProcessEnv): string[] {
  return PATH.split(':').filter((folder) => isAbsolute(folder))
}
