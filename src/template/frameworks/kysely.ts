import { posix } from 'node:path'
import type { FindFramework, Framework, SetupStep } from '../framework.ts'
import { mentionsSqlite } from './node/mentions-sqlite.ts'
import { migrationInputs, seedInputs } from './node/migrations.ts'
import { type NodePackage, packagesWith } from './node/node-package.ts'
import { toolCommand } from './node/tool-command.ts'
import { valueOf } from './node/value-of.ts'
import { asGlobs } from './shared/as-globs.ts'
import { whyNotNewest } from './shared/order.ts'

const CONFIGS = ['.config/', ''].flatMap((folder) =>
  ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map((ending) => `${folder}kysely.config.${ending}`),
)
/** It would ask a registry whether there is a newer one. */
const QUIETLY = '--no-outdated-check'

/** A package with `kysely-ctl`, Kysely's command line, and its configuration, which speaks of SQLite. */
export const findKysely: FindFramework = async (project) => {
  for (const from of packagesWith(project, ['kysely-ctl'])) {
    const config = from.first(...CONFIGS)
    if (config !== undefined && mentionsSqlite(from, config)) return describe(from, config)
  }
  return undefined
}

function describe(from: NodePackage, config: string): Framework {
  const { ordered, ...found } = migrationInputs(from, {
    config: [config],
    migrations: folderOf(from, config, 'migrationFolder', 'migrations'),
  })
  const command = (args: string): string =>
    toolCommand(
      from,
      'kysely',
      `${args} ${QUIETLY}`,
      new RegExp(String.raw`\bkysely ${args.replace(/[: ]/, '[: ]')}\b`),
    )
  const steps: SetupStep[] = [{ run: command('migrate:latest'), inputs: [], incremental: true }]
  const seeds = folderOf(from, config, 'seedFolder', 'seeds')
  if (seeds.length > 0) {
    const { files, variables } = seedInputs(from, seeds)
    steps.push({ run: command('seed:run'), inputs: asGlobs(files), variables })
  }
  return {
    name: 'kysely',
    steps,
    ...found,
    route: { kind: 'in-place' },
    foldersAreIndependent: true,
    whyNotOnTop: (added) => whyNotNewest(ordered, added),
  }
}

/** The files of a folder that the configuration names; its default lies beside the configuration, or beside `.config/`. */
function folderOf(from: NodePackage, config: string, key: string, usual: string): readonly string[] {
  const home = posix.dirname(config)
  const [named] = valueOf(from, config, key)
  const beside = posix.basename(home) === '.config' ? posix.dirname(home) : home
  return from.list.below(named === undefined ? posix.join(beside, usual) : posix.join(home, named))
}
