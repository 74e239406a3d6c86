import { posix } from 'node:path'
import type { ConfiguredStep } from '../../project/configuration.ts'
import { javascript } from '../../template/frameworks/node/javascript.ts'
import { type NodePackage, packagesOf, packagesWith } from '../../template/frameworks/node/node-package.ts'
import { inFolder } from '../../template/frameworks/shared/in-folder.ts'
import { trace } from '../../template/frameworks/shared/trace.ts'
import { asFolders } from '../as-folders.ts'
import { databasesIn } from '../named-databases.ts'
import type { FindRecipe, Recipe } from '../recipe.ts'

const MIGRATE = /^(db[:-])?(migrate|migrations?[:-](run|up|latest)|migrate[:-](latest|up|run|deploy))$/
const SEED = /^(db[:-])?seed([:-](run|all))?$/
const A_NODE_SCRIPT = /^node (?:--[\w-]+ )*([\w./-]+\.[cm]?[jt]s)$/

/**
 * Kysely without a command line of its own: the script that migrates, as the package's scripts call it, and the folder of
 * migrations. Kysely's `Migrator` runs what is pending, in the order of the names.
 */
export const findKyselyScripts: FindRecipe = (project) => {
  const [from] = packagesWith(project, ['kysely'])
  if (from === undefined) return undefined
  const folders = ['migrations', 'src/migrations', 'db/migrations', 'src/db/migrations'].map(from.at)
  const migrations = folders.map(from.list.below).find((files) => files.length > 0)
  const script = scriptNamed(from, MIGRATE)
  if (migrations === undefined && script === undefined) return undefined
  if (script === undefined) {
    return {
      name: 'Kysely',
      steps: [{ run: inFolder(from.base, 'npm run migrate') }],
      toFillIn: ['package.json has no script "migrate": name the command that runs your migrations'],
    }
  }
  const { step, ...read } = describe(from, script, migrations)
  const isPendingOnly = migrations !== undefined && step.inputs !== undefined
  return {
    name: 'Kysely',
    steps: [isPendingOnly ? { ...step, incremental: true } : step, ...seedsOf(from)],
    ...read,
  }
}

/** Any package with a script that, by its name, migrates. */
export const findScripts: FindRecipe = (project) => {
  for (const from of packagesOf(project)) {
    const script = scriptNamed(from, MIGRATE)
    if (script === undefined) continue
    const { step, ...read } = describe(from, script)
    return { name: 'the scripts of package.json', steps: [step, ...seedsOf(from)], ...read }
  }
  return undefined
}

function seedsOf(from: NodePackage): ConfiguredStep[] {
  const script = scriptNamed(from, SEED)
  return script === undefined ? [] : [describe(from, script).step]
}

function scriptNamed({ scripts }: NodePackage, pattern: RegExp): string | undefined {
  return [...scripts.keys()].find((name) => pattern.test(name))
}

/**
 * A script that starts Node.js on a file is run without npm, and depends on what that imports and on `more`; any other on
 * all files of the project.
 */
function describe(
  from: NodePackage,
  name: string,
  more: readonly string[] = [],
): { step: ConfiguredStep } & Pick<Recipe, 'databases' | 'variables'> {
  const { project, list, base } = from
  const command = from.scripts.get(name) ?? ''
  const script = A_NODE_SCRIPT.exec(command)?.[1]
  const file = script === undefined ? undefined : from.first(posix.normalize(script))
  if (file === undefined) return { step: { run: inFolder(base, `npm run ${name}`) } }
  const { files, variables } = trace(project, javascript(list, base), [file, ...more])
  const step = { run: inFolder(base, command), inputs: asFolders(files, project.files) }
  return {
    step: variables.length > 0 ? { ...step, variables } : step,
    databases: databasesIn(project, files),
    variables,
  }
}
