import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Playground } from '../../support/playground.ts'

/** devshm's source as Node.js has compiled it, for tests that start it again and again. */
export interface Compiled extends Disposable {
  useIn(project: Playground): void
}

export function keepCompiled(): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-compiled-'))
  return {
    useIn: (project) => void (project.env['NODE_COMPILE_CACHE'] = folder),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
