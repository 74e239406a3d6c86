import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Whether a file of this name is mounted by itself anywhere that this user can see (`mount --bind FILE`, a container's
 * volume of one file): such a mount stays on the file that it was made of, whatever its path leads to later.
 *
 * By name alone, because how a device is told differs between mounts of some file systems (btrfs): it may say yes of
 * another file. On macOS files cannot be mounted.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
 */
export function isMountedByItself(path: string): boolean {
  if (process.platform !== 'linux') return false
  const root = `/${escaped(basename(path))}`
  return mountTables().some((table) => table.split('\n').some((line) => line.split(' ')[3]?.endsWith(root)))
}

/** One of each mount namespace that has a process of this user. */
function mountTables(): string[] {
  const seen = new Set<string>()
  return ['self', ...readdirSync('/proc').filter((name) => /^\d+$/.test(name))].flatMap((pid) => {
    try {
      const namespace = readlinkSync(`/proc/${pid}/ns/mnt`)
      if (seen.has(namespace)) return []
      const table = readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
      seen.add(namespace)
      return [table]
    } catch {
      // Another user's, or it has ended.
      return []
    }
  })
}

/** As the kernel writes it there. */
function escaped(name: string): string {
  return name.replaceAll(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`)
}
