import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { quoted } from '../../../fs/quoted.ts'
import { inFolder } from '../shared/in-folder.ts'
import type { NodePackage } from './node-package.ts'
import { startOf, toolCommand } from './tool-command.ts'

const NAMES = /(?:data-?source|orm-?config|typeorm|database|\bdb)[\w.-]*\.[cm]?[jt]s$/i
const RUNNER = /\b(typeorm-ts-node-(?:esm|commonjs))\b/

/** The file that makes the data source for the command line: the one that a script names, else the first by its content. */
export function dataSourceOf(from: NodePackage): string | undefined {
  const scripts = [...from.scripts.values()].filter(
    (command) => command.includes('typeorm') || command.includes('migration:run'),
  )
  const named = scripts.flatMap((command) => /(?:\s-d|--dataSource)[ =](\S+)/.exec(command)?.[1] ?? [])
  const candidates = from.list
    .below(from.base)
    .filter((path) => NAMES.test(posix.basename(path)) && !/\.(test|spec|d)\.\w+$/.test(path))
    .filter((path) => from.project.facts.derived(path, 'makes a DataSource 1', makesDataSource)?.[0] === 'yes')
    .toSorted((a, b) => preference(a) - preference(b))
  return from.first(...named) ?? candidates[0]
}

/** Sources before what was compiled from them, and what is called so before what may also be one. */
function preference(path: string): number {
  const isCompiled = /(^|\/)(dist|build|out)\//.test(path)
  return (isCompiled ? 1000 : 0) + (/data-?source/i.test(path) ? 0 : 100) + path.split('/').length
}

function makesDataSource(content: string): string[] {
  return /\bnew\s+(?:\w+\.)?DataSource\s*\(/.test(content) ? ['yes'] : []
}

/** TypeScript needs one of TypeORM's other programs, or a loader: whichever the scripts use or the package depends on. */
export function typeormCommand(from: NodePackage, dataSource: string): string {
  const args = `migration:run -d ${dataSource}`
  const script = /\bmigration:run\b.*(?:\s-d|--dataSource)[ =]/
  const fromScripts = [...from.scripts.values()].flatMap((command) => RUNNER.exec(command)?.[1] ?? [])[0]
  if (fromScripts !== undefined) return toolCommand(from, fromScripts, args, script)
  if (!/\.[cm]?ts$/.test(dataSource)) return toolCommand(from, 'typeorm', args, script)
  if (from.dependencies.has('ts-node')) {
    return toolCommand(from, from.isModule ? 'typeorm-ts-node-esm' : 'typeorm-ts-node-commonjs', args, script)
  }
  const cli = 'node_modules/typeorm/cli.js'
  const isHere = existsSync(join(from.project.root, from.base, cli))
  if (from.dependencies.has('tsx') && isHere)
    return inFolder(from.base, `${startOf(from, 'tsx')} ${quoted(cli)} ${args}`)
  // Node.js takes the types out by itself.
  return toolCommand(from, 'typeorm', args, script)
}
