import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, type CommandLine } from './programs.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Bundle extends Disposable {
  /** How to start devshm as it is published. */
  readonly devshm: CommandLine
}

/** Build what is published, and put it into a folder of its own: a build in between must not change what is measured. */
export async function buildBundle(): Promise<Bundle> {
  await run(['npm', 'run', '--silent', 'build'], { cwd: ROOT, env: process.env })
  const folder = mkdtempSync(join(tmpdir(), 'devshm-bundle-'))
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  return {
    devshm: [process.execPath, join(folder, 'bin/devshm.cjs')],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A build that is there already, for comparing two. */
export function existingBundle(script: string): Bundle {
  return { devshm: [process.execPath, script], [Symbol.dispose]: () => undefined }
}
