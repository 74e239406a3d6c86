import { Argument } from 'commander'
import { completing } from '../completion/completes.ts'
import type { CommonOptions } from '../options.ts'
import { parseSeconds, withCommonOptions, type Definition } from './definition.ts'

const TIMEOUT = ['--timeout <seconds>', 'how long to wait for an app that is busy with the database'] as const

/** The commands that keep states of databases and bring them back. */
export function defineSnapshotCommands({ program, finish, common }: Definition): void {
  withCommonOptions(program.command('snapshot'))
    .summary('keep what the database holds now')
    .description(
      'Keep what the databases hold at this moment, under a name. A snapshot is one plain SQLite file in .devshm/, ' +
        'which never goes by itself.',
    )
    .argument('[name]', 'letters, digits, "-", "_" and "."; the next free snapshot-N by default')
    .option('--force', 'replace a snapshot of that name', false)
    .action(async (name: string | undefined, flags: Partial<CommonOptions> & { force: boolean }) => {
      const { snapshot } = await import('../commands/snapshot.ts')
      finish(await snapshot(name, common(flags)))
    })
  const snapshots = program
    .command('snapshots')
    .summary('list snapshots, or remove them')
    .description('List the snapshots of the databases, the newest first.')
  withCommonOptions(snapshots.command('list', { isDefault: true, hidden: true })).action(
    async (flags: Partial<CommonOptions>) => {
      const { listAllSnapshots } = await import('../commands/snapshots.ts')
      finish(await listAllSnapshots(common(flags)))
    },
  )
  withCommonOptions(snapshots.command('rm'))
    .summary('remove snapshots for good')
    .description('Remove snapshots for good.')
    .addArgument(completing('snapshots', new Argument('<names...>', 'as devshm snapshots lists them')))
    .action(async (names: string[], flags: Partial<CommonOptions>) => {
      const { removeNamed } = await import('../commands/snapshots.ts')
      finish(await removeNamed(names, common(flags)))
    })
  withCommonOptions(program.command('restore'))
    .summary('make the database what a snapshot or a file holds')
    .description(
      'Make the database what a snapshot or another database file holds, also while apps have it open: they see it at ' +
        'their next query. With several databases, each that has a snapshot of that name. What is overwritten is kept: ' +
        '`devshm undo` brings it back.',
    )
    .addArgument(
      completing(
        'snapshots',
        new Argument('<snapshot>', 'the name of a snapshot (@before-reset: the newest of these), or a file'),
      ),
    )
    .option(...TIMEOUT, parseSeconds, 5)
    .action(async (wanted: string, flags: Partial<CommonOptions> & { timeout: number }) => {
      const { restoreDatabases } = await import('../commands/restore.ts')
      finish(await restoreDatabases(wanted, common(flags)))
    })
  withCommonOptions(program.command('undo'))
    .summary('take back the last reset, restore or undo')
    .description(
      'Exchange what the databases hold with what the last reset, restore or undo overwrote; a second undo is a redo.',
    )
    .option(...TIMEOUT, parseSeconds, 5)
    .action(async (flags: Partial<CommonOptions> & { timeout: number }) => {
      const { undoLast } = await import('../commands/undo.ts')
      finish(await undoLast(common(flags)))
    })
}
