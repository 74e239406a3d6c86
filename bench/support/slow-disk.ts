import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './place.ts'
import { run, type CommandLine } from './programs.ts'

/** What every contender on a slow disk is measured with. */
export const SLOWER_BY_MS = 8

/** For tables. */
export const SLOW_DISK = 'fsync 8 ms slower'

const CALLS = 'fsync,fdatasync'

/**
 * A command for which each fsync takes longer, of the files at `paths` or of all files.
 *
 * @see https://man7.org/linux/man-pages/man1/strace.1.html (`--inject`, `--trace-path`)
 */
export function withSlowFsync(ms: number, command: CommandLine, paths: readonly string[] = []): CommandLine {
  return [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-o',
    '/dev/null',
    ...paths.flatMap((path) => ['-P', path]),
    '-e',
    `trace=${CALLS}`,
    '-e',
    `inject=${CALLS}:delay_exit=${ms * 1000}`,
    ...command,
  ]
}

/**
 * A command for which each fsync on the disk takes longer, but none in RAM: it is run once to see which files on the disk
 * it syncs, which must have the same names the next time. The command must be one that can be run any number of times.
 */
export async function onSlowDisk(place: Place, command: CommandLine, ms: number = SLOWER_BY_MS): Promise<CommandLine> {
  const trace = join(place.ram, 'synced')
  await run(['strace', '-f', '-y', '-qq', '-o', trace, '-e', `trace=${CALLS}`, ...command], place)
  const synced = syncedIn(readFileSync(trace, 'utf8')).filter((path) => !path.startsWith(`${place.ram}/`))
  rmSync(trace)
  // Without any path, all would be slow.
  return withSlowFsync(ms, command, [place.cwd, ...synced])
}

/** The files that were synced, of what `strace -y` wrote. */
export function syncedIn(trace: string): readonly string[] {
  return [...new Set([...trace.matchAll(/\bf(?:data)?sync\(\d+<([^>]+)>/g)].map(([, path = '']) => path))]
}
