import { posix } from 'node:path'
import type { FindFramework, Framework } from '../framework.ts'
import { valueOf } from './node/value-of.ts'
import { journalOf } from './node/drizzle-journal.ts'
import { migrationInputs } from './node/migrations.ts'
import { type NodePackage, packagesWith } from './node/node-package.ts'
import { toolCommand } from './node/tool-command.ts'
import { whyNotNewest } from './shared/order.ts'

const CONFIGS = ['ts', 'js', 'mjs', 'cjs', 'mts', 'json'].map((ending) => `drizzle.config.${ending}`)

/** A package with `drizzle-kit` and its configuration, whose dialect is one of SQLite's. */
export const findDrizzle: FindFramework = async (project) => {
  for (const from of packagesWith(project, ['drizzle-kit'])) {
    const named = [...from.scripts.values()].flatMap(
      (command) => /\bdrizzle-kit\b.*--config[ =](\S+)/.exec(command)?.[1] ?? [],
    )
    const config = from.first(...named, ...CONFIGS)
    if (config === undefined) continue
    const [dialect] = [...valueOf(from, config, 'dialect'), ...valueOf(from, config, 'driver')]
    if (dialect !== undefined && /sqlite|libsql|turso/.test(dialect)) return describe(from, config)
  }
  return undefined
}

function describe(from: NodePackage, config: string): Framework {
  const out = from.at(valueOf(from, config, 'out')[0] ?? 'drizzle')
  const migrations = from.list.below(out).filter((path) => path.endsWith('.sql'))
  const flag = CONFIGS.includes(posix.relative(from.base, config))
    ? ''
    : ` --config ${posix.relative(from.base, config)}`
  const run = (args: string): string =>
    toolCommand(from, 'drizzle-kit', args + flag, new RegExp(String.raw`\bdrizzle-kit ${args}\b`))
  const common = { name: 'drizzle', route: { kind: 'in-place' }, foldersAreIndependent: true } as const

  const schemas = valueOf(from, config, 'schema').flatMap((path) => filesOf(from, path))
  if (migrations.length === 0) {
    // What `push` makes, it makes of the schema.
    const { ordered: _none, ...found } = migrationInputs(from, { config: [config, ...schemas], migrations: [] })
    return { ...common, ...found, steps: [{ run: run('push').replace(/( --force)?$/, ' --force'), inputs: [] }] }
  }

  const { ordered, ...found } = migrationInputs(from, { config: [config], migrations, unread: schemas })
  const journal = journalOf(from, posix.join(out, 'meta/_journal.json'))
  const all = [...ordered, ...journal.inputs.map(({ path }) => path)]
  return {
    ...common,
    ...found,
    inputs: [...found.inputs, ...journal.inputs],
    steps: [{ run: run('migrate'), inputs: [], incremental: true }],
    whyNotOnTop: (added) => whyNotNewest(all, added) ?? journal.whyNotOnTop(),
  }
}

/** A file, a pattern or a folder. */
function filesOf({ list, at }: NodePackage, path: string): readonly string[] {
  const place = at(path)
  return list.has(place) ? [place] : [...list.matching(place), ...list.below(place)]
}
