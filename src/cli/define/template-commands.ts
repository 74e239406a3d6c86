import { InvalidArgumentError, type Command } from 'commander'
import type { CommonOptions } from '../options.ts'
import { parseSeconds, withCommonOptions, type Definition } from './definition.ts'

interface CacheFlag {
  readonly cache: boolean
}

/** The commands that bring databases to the state that their set-up makes, and look after cached ones. */
export function defineTemplateCommands({ program, finish, common }: Definition): void {
  withCommonOptions(program.command('reset'))
    .summary('make the database what its set-up makes of nothing')
    .description(
      'Make the databases equal to their template: what the steps of the set-up make of nothing. It is built when ' +
        'something changed that decides it, and cached. What is overwritten is kept: `devshm undo` brings it back.',
    )
    .option('--timeout <seconds>', 'how long to wait for an app that is busy with the database', parseSeconds, 5)
    .option('--no-cache', 'build the template anew, whatever is cached')
    .action(async (flags: Partial<CommonOptions> & CacheFlag & { timeout: number }) => {
      const { reset } = await import('../commands/reset.ts')
      finish(await reset(common(flags)))
    })
  const template = program
    .command('template')
    .summary('what `devshm reset` resets to: list, build, explain, verify, prune')
    .description('Look after templates: the states that the steps of a set-up make, cached for all of your projects.')
  defineBuilding(template, { finish, common })
  defineCaring(template, { finish, common })
}

function defineBuilding(template: Command, { finish, common }: Pick<Definition, 'finish' | 'common'>): void {
  withCommonOptions(template.command('build'))
    .summary('build the template of this project')
    .description('Build the template of this project, unless it is cached. No database of the project is touched.')
    .option('--no-cache', 'build it anew, whatever is cached')
    .action(async (flags: Partial<CommonOptions> & CacheFlag) => {
      const { buildTemplate } = await import('../commands/template.ts')
      finish(await buildTemplate(common(flags)))
    })
  withCommonOptions(template.command('explain'))
    .summary('which step is cached, which is not, and why')
    .description('Say for each step whether it is cached, and which file, variable or package made it miss.')
    .action(async (flags: Partial<CommonOptions>) => {
      const { explainTemplate } = await import('../commands/template.ts')
      finish(await explainTemplate(common(flags)))
    })
  withCommonOptions(template.command('verify'))
    .summary('compare the cached template with two fresh builds')
    .description(
      'Build twice from nothing and compare schema and rows with the cached template, leaving out and listing the ' +
        'columns that differ between the two. Status 1 if it differs.',
    )
    .action(async (flags: Partial<CommonOptions>) => {
      const { verifyTemplates } = await import('../commands/template.ts')
      finish(await verifyTemplates(common(flags)))
    })
}

function defineCaring(template: Command, { finish, common }: Pick<Definition, 'finish' | 'common'>): void {
  template
    .command('list')
    .summary('every cached layer of this user')
    .description('List every cached layer of this user, the one that was used last first.')
    .option('--json', 'print JSON for programs')
    .action(async (flags: Partial<CommonOptions>) => {
      const { listTemplates } = await import('../commands/template.ts')
      finish(await listTemplates(common(flags)))
    })
  template
    .command('prune')
    .summary('remove cached layers by age and size')
    .description('Remove cached layers that were not used for 30 days, or exceed 2 GB in total; never one in use.')
    .option('--older-than <days>', 'remove what was not used for this many days', parseNumber)
    .option('--max-size <megabytes>', 'keep at most this much', parseNumber)
    .option('--all', 'remove all that is not in use', false)
    .option('--json', 'print JSON for programs')
    .action(async (flags: Partial<CommonOptions> & { all: boolean; olderThan?: number; maxSize?: number }) => {
      const { pruneTemplates } = await import('../commands/template.ts')
      finish(await pruneTemplates(common(flags)))
    })
}

function parseNumber(value: string): number {
  const number = Number(value)
  if (!Number.isFinite(number) || number < 0 || value.trim() === '') {
    throw new InvalidArgumentError('It takes a number, 0 or more.')
  }
  return number
}
