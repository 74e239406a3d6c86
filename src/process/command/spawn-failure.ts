import { DevshmError, reasonOf, systemCodeOf } from '../../errors.ts'

export function commandNotExecutable(program: string, reason: string, hint: string, cause?: unknown): DevshmError {
  return new DevshmError('COMMAND_NOT_EXECUTABLE', `cannot run ${program}: ${reason}`, {
    hint,
    cause,
    details: { command: program },
  })
}

/** The error to show for a program that was found, but that the system then refused to start. */
export function describeSpawnFailure(program: string, cause: unknown): DevshmError {
  switch (systemCodeOf(cause)) {
    case 'ENOENT':
      return commandNotExecutable(
        program,
        'the program, its interpreter or the working directory has gone',
        'Check that all three are there, and run the command again.',
        cause,
      )
    case 'EACCES':
    case 'EPERM':
      return commandNotExecutable(
        program,
        'permission denied',
        'Check its mode and the mount options of its file system (noexec).',
        cause,
      )
    case 'ENOEXEC':
      return commandNotExecutable(
        program,
        'the system does not know its format',
        'A script needs a first line such as #!/bin/sh; a binary must be built for this machine.',
        cause,
      )
    case 'E2BIG':
      return commandNotExecutable(
        program,
        'the arguments and the environment are too long',
        'Pass fewer arguments, for example through a file.',
        cause,
      )
    case 'EAGAIN':
    case 'ENOMEM':
      return commandNotExecutable(
        program,
        'the system has no room for another process',
        'End some processes, or raise the limit (ulimit -u).',
        cause,
      )
    default:
      return commandNotExecutable(program, reasonOf(cause), 'Try the same command without devshm.', cause)
  }
}
