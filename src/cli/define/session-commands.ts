import { Argument, InvalidArgumentError, Option, type Command } from 'commander'
import { UsageError } from '../../errors.ts'
import { completing } from '../completion/completes.ts'
import type { CommonOptions, RunOptions } from '../options.ts'
import { withCommonOptions, type Definition } from './definition.ts'

/** The commands that put databases into RAM, save them, bring them back, and tell where they are. */
export function defineSessionCommands({ program, surroundings, finish, common }: Definition): void {
  withAttachOptions(program.command('run'))
    .summary('run a command with its database in RAM')
    .description('Put the database into RAM, run the command, save, and bring the database back to disk.')
    .addArgument(completing('command', new Argument('<command...>', 'the command and its arguments, after --')))
    .option('--no-link', "leave the file where it is, and lead Django's connections to RAM instead")
    .passThroughOptions()
    .action(async ([file, ...args]: string[], flags: Partial<RunOptions>) => {
      if (file === undefined || file === '') throw new UsageError('the command to run is empty')
      const { run } = await import('../commands/run.ts')
      finish(await run([file, ...args], common(flags)))
    })
  withAttachOptions(program.command('attach'))
    .summary('put the database into RAM until `devshm detach`')
    .description('Put the database into RAM for several terminals, daemons and editors; a background process saves it.')
    .addOption(new Option('--no-link').hideHelp())
    .action(async (flags: Partial<RunOptions>) => {
      if (flags.link === false) throw noLinkWithoutCommand()
      const { attach } = await import('../commands/attach.ts')
      finish(await attach(surroundings.program, common(flags)))
    })
  withCommonOptions(program.command('detach'))
    .summary('save, and bring the database back to disk')
    .description('Save the database and make it a regular file again. It stays in RAM while a process has it open.')
    .option('--all', 'every database of this user that is in RAM', false)
    .action(async (flags: Partial<CommonOptions> & { all: boolean }) => {
      const { detach } = await import('../commands/detach.ts')
      finish(await detach(common(flags)))
    })
  withCommonOptions(program.command('save'))
    .summary('write what is in RAM to disk now')
    .description('Write the database in RAM to disk: a consistent, verified copy, even while the app writes.')
    .action(async (flags: Partial<CommonOptions>) => {
      const { save } = await import('../commands/save.ts')
      finish(await save(common(flags)))
    })
  withCommonOptions(program.command('status'))
    .summary('where the database is, and whether it is saved')
    .description('Say where each database is, when it was last saved and who uses it. Changes nothing.')
    .option('--all', 'every database of this user that is in RAM', false)
    .action(async (flags: Partial<CommonOptions> & { all: boolean }) => {
      const { status } = await import('../commands/status.ts')
      finish(await status(common(flags)))
    })
  withCommonOptions(program.command('doctor'))
    .summary('what would go wrong here, and the remedy')
    .description('Look for what would go wrong on this machine and in this project. Changes nothing.')
    .action(async (flags: Partial<CommonOptions>) => {
      const { doctor } = await import('../commands/doctor.ts')
      finish(await doctor(common(flags)))
    })
  program
    .command('hold', { hidden: true })
    .argument('<orders>')
    .action(async (orders: string) => {
      const { hold } = await import('../commands/hold.ts')
      finish(await hold(orders))
    })
}

function withAttachOptions(command: Command): Command {
  return withCommonOptions(command)
    .option('--save-every <seconds>', 'save this often while it changes, or `off` (default: 30)', parseSaveEvery)
    .addOption(
      new Option('--journal <keep|wal>', 'keep the journal mode, or make it WAL in RAM (default: keep)').choices([
        'keep',
        'wal',
      ]),
    )
    .option('--require-ram', 'fail instead of staying on disk where there is no RAM')
}

function noLinkWithoutCommand(): UsageError {
  return new UsageError('attach cannot do without a link: it cannot lead what is started in other terminals', {
    hint: 'start the app with `devshm run --no-link -- COMMAND`',
  })
}

function parseSaveEvery(value: string): number | 'off' {
  if (value === 'off') return 'off'
  const seconds = Number(value)
  if (!Number.isFinite(seconds) || seconds <= 0 || value.trim() === '') {
    throw new InvalidArgumentError('It takes a number of seconds above 0, or off.')
  }
  return seconds
}
