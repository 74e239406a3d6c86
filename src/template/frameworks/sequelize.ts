import type { FindFramework, Framework, SetupStep } from '../framework.ts'
import { mentionsSqlite } from './node/mentions-sqlite.ts'
import { migrationInputs, seedInputs } from './node/migrations.ts'
import { type NodePackage, packagesWith } from './node/node-package.ts'
import { toolCommand } from './node/tool-command.ts'
import { valueOf } from './node/value-of.ts'
import { asGlobs } from './shared/as-globs.ts'
import { whyNotNewest } from './shared/order.ts'

/** A package with `sequelize` and what its command line needs: a configuration that speaks of SQLite, and migrations. */
export const findSequelize: FindFramework = async (project) => {
  for (const from of packagesWith(project, ['sequelize', 'sequelize-cli'])) {
    const options = from.first('.sequelizerc', '.sequelizerc.js', '.sequelizerc.json')
    const config = configOf(from, options)
    if (config === undefined || !mentionsSqlite(from, config)) continue
    const framework = describe(from, options, config)
    if (framework !== undefined) return framework
  }
  return undefined
}

function configOf(from: NodePackage, options: string | undefined): string | undefined {
  const named = options === undefined ? [] : valueOf(from, options, 'config')
  return from.first(...named, 'config/config.json', 'config/config.js', 'config/config.cjs', 'config/config.ts')
}

function describe(from: NodePackage, options: string | undefined, config: string): Framework | undefined {
  const folder = (key: string, usual: string): readonly string[] => {
    const named = options === undefined ? undefined : valueOf(from, options, key)[0]
    return from.list.below(from.at(named ?? usual))
  }
  const migrations = folder('migrations-path', 'migrations')
  if (migrations.length === 0) return undefined
  const { ordered, ...found } = migrationInputs(from, {
    config: options === undefined ? [config] : [config, options],
    migrations,
  })

  const command = (args: string): string =>
    toolCommand(from, 'sequelize-cli', args, new RegExp(String.raw`\bsequelize(-cli)? ${args}(?!:)`))
  const steps: SetupStep[] = [{ run: command('db:migrate'), inputs: [], incremental: true }]
  const seeders = folder('seeders-path', 'seeders')
  if (seeders.length > 0) {
    const { files, variables } = seedInputs(from, seeders)
    steps.push({ run: command('db:seed:all'), inputs: asGlobs(files), variables })
  }
  return {
    name: 'sequelize',
    steps,
    ...found,
    route: { kind: 'in-place' },
    foldersAreIndependent: true,
    whyNotOnTop: (added) => whyNotNewest(ordered, added),
  }
}
