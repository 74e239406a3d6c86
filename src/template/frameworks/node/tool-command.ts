import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { quoted } from '../../../fs/quoted.ts'
import { inFolder } from '../shared/in-folder.ts'
import type { NodePackage } from './node-package.ts'

/** More than one command, or one that asks npm: it does more than the tool's part, or takes longer to start it. */
const NOT_SIMPLE = /[&|;<>\n$`]|\bnpm\b|\bnpx\b|\byarn\b|\bpnpm\b|\bbunx?\b/
const OF_ANOTHER_PLACE = /\bprod(uction)?\b|\bstaging\b|\bdocker\b/

/**
 * A command line that runs a tool of the package, from the project's folder.
 *
 * A script of the package that does just this is taken for its flags and what stands before the tool; not its name: the
 * command itself, because starting npm takes longer than many a migration. Else the tool is started from
 * `node_modules/.bin`, with `args`.
 */
export function toolCommand(from: NodePackage, tool: string, args: string, script: RegExp): string {
  const scripts = [...from.scripts.values()].filter(
    (command) => script.test(command) && !NOT_SIMPLE.test(command) && !OF_ANOTHER_PLACE.test(command),
  )
  const command = scripts[0] ?? `${tool} ${args}`
  const [first = '', ...rest] = command.split(' ')
  if (binary(from, first) !== undefined || scripts[0] === undefined) {
    return inFolder(from.base, [startOf(from, first), ...rest].join(' '))
  }
  return inFolder(from.base, `PATH="$PWD/${binFolder(from)}:$PATH" ${command}`)
}

/** How a tool of the package is started, from its folder. */
export function startOf(from: NodePackage, tool: string): string {
  const path = binary(from, tool)
  if (path !== undefined) return quoted(path)
  return from.list.has('.pnp.cjs') ? `yarn ${tool}` : `npx --no-install ${tool}`
}

/** The tool in the nearest `node_modules/.bin` that has it, relative to the package: a workspace has it further up. */
function binary(from: NodePackage, tool: string): string | undefined {
  if (tool === '' || tool.includes('/')) return undefined
  const home = join(from.project.root, from.base)
  for (let folder = home; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules/.bin', tool)
    if (existsSync(path)) return relative(home, path)
    if (folder === dirname(folder)) return undefined
  }
}

function binFolder(from: NodePackage): string {
  const home = join(from.project.root, from.base)
  for (let folder = home; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'node_modules/.bin')
    if (existsSync(path)) return relative(home, path)
  }
  return 'node_modules/.bin'
}
