import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Inode } from '../fs/look.ts'
import { toolPath } from '../fs/tool-path.ts'

/**
 * Which of `files` are open, and in which processes (pids), from `lsof` (macOS, where there is no `/proc`; part of the system there).
 *
 * Field output: `p` starts a process and `f` a descriptor; `D` is its device in hexadecimal, `i` its inode. Sockets and
 * other things that are no files may have one without the other.
 */
export async function openInLsof(files: ReadonlySet<Inode>): Promise<Map<number, Set<Inode>>> {
  // lsof exits 1 when it could not look at something, which is the normal case for a user who is not root.
  const output = await promisify(execFile)('lsof', ['-n', '-P', '-w', '-F', 'pfDi'], {
    maxBuffer: 1 << 28,
    env: { ...process.env, PATH: toolPath(process.env) },
  }).then(
    (result) => result.stdout,
    (error: unknown) => {
      if (Error.isError(error) && 'stdout' in error && typeof error.stdout === 'string') return error.stdout
      throw error
    },
  )
  const found = new Map<number, Set<Inode>>()
  let pid = 0
  let device = ''
  for (const line of output.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) pid = Number(value)
    else if (line.startsWith('f')) device = ''
    else if (line.startsWith('D')) device = value
    else if (line.startsWith('i') && device !== '') {
      const inode: Inode = `${BigInt(device)}:${BigInt(value)}`
      if (files.has(inode)) found.set(pid, (found.get(pid) ?? new Set()).add(inode))
    }
  }
  return found
}
