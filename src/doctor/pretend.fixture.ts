import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createFolderOnDisk } from '../../test/support/django/disk-folder.ts'
import { DEVSHM, type Playground } from '../../test/support/playground.ts'
import type { Finding } from './finding.ts'
import { thisMachine, type Machine } from './machine.ts'
import { gather, type Surroundings } from './surroundings.ts'

/** A machine with the given system files and nothing else. */
export function machineWith(files: Record<string, string>, more: Partial<Machine> = {}): Machine & Disposable {
  const folder = createFolderOnDisk('devshm-machine-')
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder.path, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return { ...thisMachine(), files: folder.path, ...more, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

export async function surroundingsOf(
  { folder, env, origin }: Pick<Playground, 'folder' | 'env' | 'origin'>,
  more: Partial<Surroundings> = {},
): Promise<Surroundings> {
  return { ...(await gather({ cwd: folder, env, explicit: [origin] })), ...more }
}

/** What `devshm doctor` finds after `preparation` in a mount namespace of its own; needs {@link canMount}. */
export async function findingsAfter(
  playground: Playground,
  preparation: string,
  volume: string = playground.volume,
): Promise<{ findings: Finding[]; status: number }> {
  const doctor = [...DEVSHM, 'doctor', '--json', '--db', playground.origin]
  const script = `set -e; ${preparation}; DEVSHM_VOLUME='${volume}' exec "$@"`
  const { stdout, stderr, status } = await playground.command('unshare', '--mount', 'sh', '-c', script, 'sh', ...doctor)
  if (stdout === '') throw new Error(stderr)
  const { findings } = JSON.parse(stdout) as { findings: Finding[] }
  return { findings, status }
}

export const isRoot: boolean = process.geteuid?.() === 0

/** Root may still be kept from it, as in most containers. */
export const canMount: boolean = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0
