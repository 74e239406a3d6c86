import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * For the whole test run: Node.js keeps what it has compiled. The tests start devshm from source some thousand times, and
 * to strip the types of its modules each time takes three times as long as all the rest of such a start.
 *
 * @see https://nodejs.org/api/module.html#module-compile-cache
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-compiled-'))
  process.env['NODE_COMPILE_CACHE'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
