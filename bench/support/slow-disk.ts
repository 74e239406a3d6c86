import type { CommandLine } from './programs.ts'

/**
 * A command for which each fsync takes longer, of the files at `paths` or of all files.
 *
 * @see https://man7.org/linux/man-pages/man1/strace.1.html (`--inject`, `--trace-path`)
 */
export function withSlowFsync(ms: number, command: CommandLine, paths: readonly string[] = []): CommandLine {
  const calls = 'fsync,fdatasync'
  return [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-o',
    '/dev/null',
    ...paths.flatMap((path) => ['-P', path]),
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:delay_exit=${ms * 1000}`,
    ...command,
  ]
}
