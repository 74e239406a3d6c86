import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFolderOnDisk } from '../../support/django/disk-folder.ts'

const TOOLS = ['hdiutil', 'newfs_hfs', 'diskutil', 'mount', 'umount'] as const

type Tool = (typeof TOOLS)[number]

/** The programs of macOS, played by `stand-in.sh`. Disposing unmounts what they have mounted. Needs root, for a tmpfs. */
export interface Mac extends Disposable {
  /** An empty folder on disk, for mount points. */
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** What was called, with its arguments, but for looks. */
  readonly calls: () => string[]
  /** RAM disks that there are at this moment. */
  readonly disks: () => string[]
  /** Have a program fail from now on. */
  readonly break: (tool: Tool, message: string) => void
  readonly mend: (tool: Tool) => void
}

export function pretendMac(more: NodeJS.ProcessEnv = {}): Mac {
  using resources = new DisposableStack()
  const { path } = resources.use(createFolderOnDisk('devshm-mac-'))
  const [bin, state, folder] = ['bin', 'state', 'folder'].map((name) => join(path, name)) as [string, string, string]
  for (const each of [bin, state, folder]) mkdirSync(each)
  for (const tool of TOOLS) symlinkSync(join(import.meta.dirname, 'stand-in.sh'), join(bin, tool))
  const disks = (): string[] => readdirSync(state).filter((name) => name.startsWith('disk'))
  resources.defer(() => {
    for (const disk of disks()) {
      const mounted = join(state, disk, 'path')
      if (existsSync(mounted)) spawnSync('umount', ['--lazy', readFileSync(mounted, 'utf8').trim()])
    }
  })
  const moved = resources.move()
  return {
    folder,
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: folder, STAND_IN_STATE: state, ...more },
    calls: () => {
      const lines = existsSync(join(state, 'calls'))
        ? readFileSync(join(state, 'calls'), 'utf8').trim().split('\n')
        : []
      return lines.filter((line) => !/^(?:mount |hdiutil info|diskutil info.*)$/.test(line))
    },
    disks,
    break: (tool, message) => writeFileSync(join(state, `fail-${tool}`), `${message}\n`),
    mend: (tool) => rmSync(join(state, `fail-${tool}`)),
    [Symbol.dispose]: () => moved.dispose(),
  }
}
