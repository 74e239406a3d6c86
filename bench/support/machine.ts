import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { formatBytes } from '../../src/fs/format-bytes.ts'
import { measureFsync } from '../../scripts/demo/measure-fsync.ts'
import type { Place } from './place.ts'
import { PYTHON } from './programs.ts'

/** What the numbers depend on, one fact a line. */
export function describeMachine({ cwd }: Place): string[] {
  const processors = cpus()
  return [
    `Processor: ${processors[0]?.model ?? 'unknown'}, ${processors.length} cores`,
    `Memory: ${formatBytes(totalmem())}`,
    `Kernel: ${type()} ${release()}`,
    `Node.js ${process.versions.node} with SQLite ${process.versions['sqlite'] ?? 'unknown'}`,
    pythonVersion(),
    `Disk: ${fileSystemOf(cwd)}, fsync of a page ${measureFsync(cwd).toFixed(2)} ms`,
    `Load before the run: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(', ')}`,
    ...(hasRealTimePriority() ? ['With real-time priority over what else ran'] : []),
  ]
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (policy, the 41st field; 1 and 2 are real-time) */
function hasRealTimePriority(): boolean {
  // The second field, the program's name in brackets, may have blanks.
  const afterName = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return ['1', '2'].includes(afterName[41 - 3] ?? '')
}

function pythonVersion(): string {
  const question = 'import platform, sqlite3; print(platform.python_version(), "with SQLite", sqlite3.sqlite_version)'
  return `Python ${execFileSync(PYTHON, ['-c', question], { encoding: 'utf8' }).trim()}`
}

/** The type of the mount with the longest path that the folder is below. */
function fileSystemOf(folder: string): string {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
  const above = mounts.filter(([, path = '']) => path === '/' || folder === path || folder.startsWith(`${path}/`))
  return above.toSorted(([, a = ''], [, b = '']) => b.length - a.length)[0]?.[2] ?? 'unknown'
}
