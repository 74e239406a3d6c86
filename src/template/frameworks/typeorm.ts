import { posix } from 'node:path'
import type { FindFramework, Framework } from '../framework.ts'
import { mentionsSqlite } from './node/mentions-sqlite.ts'
import { migrationInputs } from './node/migrations.ts'
import { type NodePackage, packagesWith } from './node/node-package.ts'
import { dataSourceOf, typeormCommand } from './node/typeorm-data-source.ts'
import { valueOf } from './node/value-of.ts'
import { quoted } from '../../fs/quoted.ts'
import { placesOf } from './shared/literals.ts'
import { whyNotNewest } from './shared/order.ts'

/** A package with `typeorm` and a file that makes a data source of SQLite's. */
export const findTypeorm: FindFramework = async (project) => {
  for (const from of packagesWith(project, ['typeorm'])) {
    const dataSource = dataSourceOf(from)
    if (dataSource !== undefined && mentionsSqlite(from, dataSource)) return describe(from, dataSource)
  }
  return undefined
}

function describe(from: NodePackage, dataSource: string): Framework {
  const migrations = filesOf(from, dataSource, 'migrations')
  const entities = filesOf(from, dataSource, 'entities')
  const { ordered, ...found } = migrationInputs(from, { config: [dataSource], migrations, models: entities })
  const path = quoted(posix.relative(from.base, dataSource))
  return {
    name: 'typeorm',
    steps: [{ run: typeormCommand(from, path), inputs: [], incremental: true }],
    ...found,
    route: { kind: 'in-place' },
    foldersAreIndependent: true,
    whyNotOnTop: (added) => whyNotNewest(ordered, added),
  }
}

/** The files that the patterns of a key mean; those of imported classes are found by following the imports. */
function filesOf(from: NodePackage, dataSource: string, key: string): readonly string[] {
  const places = valueOf(from, dataSource, key).flatMap((path) => placesOf(path, dataSource, from.base))
  return [...new Set(places.flatMap((place) => [place, ...from.list.matching(place)]))].filter(from.list.has)
}
