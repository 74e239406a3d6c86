import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallVolume extends Disposable {
  readonly path: string
}

/** Only root may mount: tests that need {@link mountVolume} are skipped for others, and their names say so. */
export const mayMount: boolean = process.platform === 'linux' && process.geteuid?.() === 0 && tryMount()

/** A tmpfs of its own, such as `mountVolume('size=2m')`. Disposing unmounts it. */
export function mountVolume(options: string): SmallVolume {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'devshm-volume-')))
  const remove = (): void => rmSync(path, { recursive: true, force: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'devshm-test', path], { stdio: 'pipe' })
  } catch (error) {
    remove()
    throw error
  }
  return {
    path,
    [Symbol.dispose]: () => {
      execFileSync('umount', ['--lazy', path])
      remove()
    },
  }
}

/** In a container even root may be forbidden to. */
function tryMount(): boolean {
  try {
    mountVolume('size=64k')[Symbol.dispose]()
    return true
  } catch {
    return false
  }
}
