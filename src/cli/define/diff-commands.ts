import { Argument, InvalidArgumentError } from 'commander'
import type { DiffFlags } from '../commands/diff.ts'
import { completing } from '../completion/completes.ts'
import { withCommonOptions, type Definition } from './definition.ts'

/** The command that compares two states of a database. */
export function defineDiffCommands({ program, finish, common }: Definition): void {
  withCommonOptions(program.command('diff'))
    .summary('what has changed: schema, tables, rows')
    .description(
      'Compare two states of the database: the schema, and how many rows of which tables were added, removed or ' +
        'changed. Nothing is changed by it, and the app may go on meanwhile.',
    )
    .addArgument(
      completing(
        'snapshots',
        new Argument('[a]', 'before: a snapshot or a file (default: the last reset, restore or snapshot)'),
      ),
    )
    .addArgument(
      completing('snapshots', new Argument('[b]', 'after: a snapshot or a file (default: the database as it is now)')),
    )
    .option('--rows', 'which rows, and what in them', false)
    .option(
      '--limit <rows>',
      'how many rows of a table to show at most, or `all` (default: 20, with --json all)',
      parseLimit,
    )
    .option('--exit-code', 'exit with status 1 if there is a difference', false)
    .action(async (a: string | undefined, b: string | undefined, flags: Partial<DiffFlags>) => {
      const { diff } = await import('../commands/diff.ts')
      finish(await diff(a, b, { rows: false, exitCode: false, ...common(flags) }))
    })
}

function parseLimit(value: string): number {
  if (value === 'all') return Number.MAX_SAFE_INTEGER
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It takes a number of rows, or all.')
  return Math.min(Number(value), Number.MAX_SAFE_INTEGER)
}
