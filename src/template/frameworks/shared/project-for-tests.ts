import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Project } from '../../framework.ts'
import { listFiles } from '../../inputs/list-files.ts'
import { openFileFacts } from '../../inputs/open-file-facts.ts'

/** A project of these files, in a folder that goes with the test. The database is `dev.sqlite3`. */
export function projectOf(files: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'devshm-framework-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const root = join(folder, 'project')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const origin = join(root, 'dev.sqlite3')
  const databases = [{ name: 'default', origin }]
  const cache = join(folder, 'facts')
  mkdirSync(cache)
  return { root, env, databases, files: listFiles(root, { except: [origin] }), facts: openFileFacts(root, cache) }
}
