import { posix } from 'node:path'
import type { ConfiguredStep } from '../../project/configuration.ts'
import { type NodePackage, packagesWith } from '../../template/frameworks/node/node-package.ts'
import { toolCommand } from '../../template/frameworks/node/tool-command.ts'
import type { FindRecipe, Recipe } from '../recipe.ts'
import { textOf } from './text.ts'

const CONFIGS = ['ts', 'mts', 'js', 'mjs'].map((ending) => `prisma.config.${ending}`)
const LOCK_FILES = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

/** Prisma, by a schema whose datasource is SQLite. */
export const findPrisma: FindRecipe = (project) => {
  for (const from of packagesWith(project, ['prisma', '@prisma/client'])) {
    const schema = from.first('prisma/schema.prisma', 'schema.prisma', 'prisma/schema/schema.prisma')
    if (schema !== undefined && /\bprovider\s*=\s*"sqlite"/.test(textOf(project, schema))) return describe(from, schema)
  }
  return undefined
}

function describe(from: NodePackage, schema: string): Recipe {
  const { project, list } = from
  const config = from.first(...CONFIGS)
  const settings = textOf(project, schema) + (config === undefined ? '' : textOf(project, config))
  const [, variable] = /\benv(?:\.|\[|\(|<string>\()\s*["']?(\w+)/.exec(settings) ?? []
  const home = posix.dirname(schema)
  const migrations = posix.join(home, 'migrations')
  const command = (args: string): string =>
    toolCommand(from, 'prisma', args, new RegExp(String.raw`\bprisma ${args.split(' --')[0]}\b`))
  const locks = LOCK_FILES.map(from.at).filter(list.has)
  const steps: ConfiguredStep[] =
    list.below(migrations).length > 0
      ? [{ run: command('migrate deploy'), inputs: [`${migrations}/**`, ...locks], incremental: true }]
      : [{ run: command('db push'), inputs: [schema, ...locks] }]
  const seeds = list.below(home).filter((path) => /^seed\b/.test(posix.relative(home, path)))
  if (seeds.length > 0) steps.push({ run: command('db seed'), inputs: [...seeds, schema] })
  const address = variable === undefined ? settings : textOf(project, from.at('.env'))
  const files = [...address.matchAll(/["'=]file:([\w./-]+)/g)].map(([, path = '']) => posix.join(home, path))
  return {
    name: 'Prisma',
    steps,
    ...(variable === undefined ? {} : { env: { [variable]: 'file:{path}' } }),
    databases: [...new Set(files)],
  }
}
