import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run, type CommandLine } from './programs.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface Bundle extends Disposable {
  /** The package as npm would install it. */
  readonly folder: string
  /** How to start devshm as it is published. */
  readonly devshm: CommandLine
}

/** Build what is published into a folder of its own: nothing that is built meanwhile changes it. */
export async function buildBundle(): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-bundle-'))
  await run([process.execPath, 'scripts/build.ts', join(folder, 'dist')], { cwd: ROOT, env: process.env })
  for (const part of ['bin', 'package.json']) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  return {
    folder,
    devshm: [process.execPath, join(folder, 'bin/devshm.cjs')],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A build that is there already, for comparing two. */
export function existingBundle(script: string): Bundle {
  return { folder: dirname(dirname(script)), devshm: [process.execPath, script], [Symbol.dispose]: () => undefined }
}
