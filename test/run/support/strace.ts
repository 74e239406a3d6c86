import { execFileSync } from 'node:child_process'

/** Why these tests are skipped here, or `undefined`. strace needs Linux and the right to trace. */
export const withoutStrace: string | undefined = findOut()

/** What to put before a command so that forcing `path` to the disk takes `ms` longer. Other files are as fast as ever. */
export function slowDisk(path: string, ms: number): string[] {
  return inject(path, `delay_exit=${ms * 1000}`)
}

/** What to put before a command so that forcing `path` to the disk fails, as it does when the disk does. */
export function failingDisk(path: string): string[] {
  return inject(path, 'error=EIO')
}

/** What to put before a command so that it finds itself on a file system without symbolic and hard links. */
export function withoutLinks(): string[] {
  const calls = 'link,linkat,symlink,symlinkat'
  return [
    'strace',
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=EPERM`,
    '-o',
    '/dev/null',
  ]
}

function inject(path: string, what: string): string[] {
  const on = ['-e', 'trace=fsync', '-e', `inject=fsync:${what}`, '-P', path]
  return ['strace', '-f', '--seccomp-bpf', '-qq', ...on, '-o', '/dev/null']
}

function findOut(): string | undefined {
  try {
    execFileSync('strace', ['-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'strace is missing, or may not trace: apt-get install strace'
  }
}
