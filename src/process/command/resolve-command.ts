import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DevshmError, systemCodeOf } from '../../errors.ts'
import { whyFormatCannotRun } from './executable-format.ts'
import { commandNotExecutable } from './spawn-failure.ts'

/** What execvp searches where PATH is not set at all (glibc's `_CS_PATH`). */
const defaultPath = '/bin:/usr/bin'

/**
 * Find the program that `execvp(argv0)` would start, without starting anything.
 *
 * A name with a slash is taken as it is, relative to `cwd`; any other is searched along `PATH` of `env`.
 * As POSIX has it, a match that may not be executed is passed over and only reported if nothing else matched.
 * A program that is there but could not be started (its interpreter is missing, it was built for another
 * machine) is refused as well: the C library would hand such a file to `/bin/sh`, line by line.
 *
 * @returns a path to start with `cwd` as the working directory: absolute, or relative to `cwd` where
 * `argv0` or the entry of `PATH` is, so that the program sees the name it would see without devshm
 * @throws {DevshmError} `COMMAND_NOT_FOUND` (127 in a shell), `COMMAND_NOT_EXECUTABLE` (126)
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/functions/exec.html
 */
export function resolveCommand(argv0: string, env: NodeJS.ProcessEnv, cwd: string): string {
  let refusal: DevshmError | undefined
  for (const program of placesToLook(argv0, env)) {
    const file = resolve(cwd, program)
    const finding = inspect(file, program)
    if (finding === 'executable') {
      const obstacle = whyFormatCannotRun(file)
      if (obstacle !== undefined) throw commandNotExecutable(program, obstacle.reason, obstacle.hint)
      return program
    }
    if (finding !== 'absent') refusal ??= finding
  }
  throw refusal ?? commandNotFound(argv0, cwd)
}

function commandNotFound(argv0: string, cwd: string): DevshmError {
  return new DevshmError('COMMAND_NOT_FOUND', `command not found: ${argv0 === '' ? "''" : argv0}`, {
    hint: hintForMissing(argv0, cwd),
    details: { command: argv0 },
  })
}

function placesToLook(argv0: string, env: NodeJS.ProcessEnv): string[] {
  if (argv0 === '') return []
  if (argv0.includes('/')) return [argv0]
  // An empty entry means the current directory; without `./` the name would be searched along PATH once more.
  return (env['PATH'] ?? defaultPath)
    .split(':')
    .map((folder) => (folder === '' ? `./${argv0}` : inFolder(folder, argv0)))
}

function inFolder(folder: string, name: string): string {
  const path = join(folder, name)
  return path.includes('/') ? path : `./${path}`
}

function inspect(file: string, program: string): 'executable' | 'absent' | DevshmError {
  try {
    if (statSync(file).isDirectory()) {
      return commandNotExecutable(program, 'it is a directory', 'Name a program after --.')
    }
    accessSync(file, constants.X_OK)
    return 'executable'
  } catch (error) {
    const isThere = systemCodeOf(error) === 'EACCES' && existsSync(file)
    if (!isThere) return 'absent'
    return commandNotExecutable(
      program,
      'permission denied',
      `Make it executable with chmod +x ${program}, or start it with its interpreter.`,
    )
  }
}

function hintForMissing(argv0: string, cwd: string): string {
  if (argv0 === '') return 'The name of the program is empty: check the variable that should hold it.'
  if (/\s/.test(argv0)) {
    return `No shell runs the command: write it without the quotes, or run it with sh -c '${argv0}'.`
  }
  if (/^\w+=/.test(argv0)) return `To set a variable for the command, write: env ${argv0} COMMAND`
  if (argv0.includes('/')) return `There is no such file in ${cwd}. Check the path.`
  if (existsSync(resolve(cwd, argv0))) return `To run the file in this folder, write ./${argv0}`
  return 'Check the spelling, and that the folder of the program is in PATH (is a virtual environment active?).'
}
