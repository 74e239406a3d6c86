import { globSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { writePlainScript } from './plain-script.ts'
import type { Place } from './place.ts'
import { run, type CommandLine } from './programs.ts'

/** Branchly's command line, as npm installs it. */
export const BRANCHLY: CommandLine = [
  process.execPath,
  join(dirname(createRequire(import.meta.url).resolve('branchly')), 'cli.js'),
]

interface Recipe {
  /** The files that the database depends on. */
  readonly inputs: readonly string[]
  /** Makes the tables of the database in `DATABASE`; run at each `sync`. */
  readonly migrate: CommandLine
  /** Fills a database that is new. */
  readonly seed?: CommandLine
}

/** Set a project up for branchly, on the branch `main`, with its SQLite adapter. @returns the file that it made for that */
export async function setUpBranchly(place: Place, recipe: Recipe): Promise<string> {
  const migrator = writePlainScript('branchly-migrator.script.ts', place.cwd)
  const config = {
    vcs: 'git',
    migrator: { use: migrator, ...recipe },
    datasource: { use: 'sqlite' },
    resolver: { use: 'env-file', file: '.env', key: 'DATABASE_URL' },
    protect: ['main'],
    cache: { enabled: true, max: 10, base: 'main' },
  }
  writeFileSync(join(place.cwd, 'branchly.config.mjs'), `export default ${JSON.stringify(config)}\n`)
  const git = (...args: string[]) => run(['git', '-c', 'user.name=bench', '-c', 'user.email=bench', ...args], place)
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('commit', '--quiet', '--allow-empty', '--message', 'A project')
  await run([...BRANCHLY, 'sync'], place)
  const [made, ...others] = globSync('.branchly/sqlite/main__*.sqlite', { cwd: place.cwd })
  if (made === undefined || others.length > 0) throw new Error('branchly did not make one database for the branch main')
  return join(place.cwd, made)
}
