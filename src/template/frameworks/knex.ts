import { posix } from 'node:path'
import type { Framework, FindFramework, SetupStep } from '../framework.ts'
import { foldersNamed } from './node/folders-named.ts'
import { migrationInputs, seedInputs } from './node/migrations.ts'
import { mentionsSqlite } from './node/mentions-sqlite.ts'
import { type NodePackage, packagesWith } from './node/node-package.ts'
import { valueOf } from './node/value-of.ts'
import { toolCommand } from './node/tool-command.ts'
import { asGlobs } from './shared/as-globs.ts'
import { whyNotNewest } from './shared/order.ts'

const KNEXFILES = ['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'].map((ending) => `knexfile.${ending}`)

/** A package with `knex` and a knexfile that speaks of SQLite. */
export const findKnex: FindFramework = async (project) => {
  for (const from of packagesWith(project, ['knex'])) {
    const knexfile = knexfileOf(from)
    if (knexfile !== undefined && mentionsSqlite(from, knexfile)) return describe(from, knexfile)
  }
  return undefined
}

/** Where a script says it is, in the package's folder, or the only one below it. */
function knexfileOf(from: NodePackage): string | undefined {
  const named = [...from.scripts.values()].flatMap((command) => /--knexfile[ =](\S+)/.exec(command)?.[1] ?? [])
  const [only, ...more] = from.list.below(from.base).filter((path) => KNEXFILES.includes(posix.basename(path)))
  return from.first(...named, ...KNEXFILES) ?? (more.length === 0 ? only : undefined)
}

function describe(from: NodePackage, knexfile: string): Framework {
  // Knex goes to the folder of the knexfile before it looks for anything.
  const home = posix.dirname(knexfile)
  const folders = (key: string): string[] => foldersNamed(from, [knexfile], key, home) ?? [posix.join(home, key)]
  const migrations = folders('migrations').flatMap((folder) => from.list.below(folder))
  const seeds = folders('seeds').flatMap((folder) => from.list.below(folder))
  const { ordered, ...found } = migrationInputs(from, { config: [knexfile], migrations })

  const elsewhere =
    home === (from.base === '' ? '.' : from.base) ? '' : ` --knexfile ${posix.relative(from.base, knexfile)}`
  const command = (args: string): string =>
    toolCommand(from, 'knex', args + elsewhere, new RegExp(String.raw`\bknex\b.*\b${args}\b`))
  const steps: SetupStep[] = [{ run: command('migrate:latest'), inputs: [], incremental: true }]
  if (seeds.length > 0) {
    const { files, variables } = seedInputs(from, seeds)
    steps.push({ run: command('seed:run'), inputs: asGlobs(files), variables })
  }
  return {
    name: 'knex',
    steps,
    ...found,
    route: { kind: 'in-place' },
    // One number for all that ran at once.
    bookkeeping: [`${valueOf(from, knexfile, 'tableName')[0] ?? 'knex_migrations'}.batch`],
    foldersAreIndependent: true,
    whyNotOnTop: (added) => whyNotNewest(ordered, added),
  }
}
