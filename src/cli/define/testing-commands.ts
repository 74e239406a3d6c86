import { Argument } from 'commander'
import { UsageError } from '../../errors.ts'
import { completing } from '../completion/completes.ts'
import type { CommonOptions } from '../options.ts'
import { parseCount, withCommonOptions, type Definition } from './definition.ts'

/** The commands that give tests databases of their own. */
export function defineTestingCommands(definition: Definition): void {
  defineTest(definition)
  defineClone(definition)
}

function defineTest({ program, finish, common }: Definition): void {
  withCommonOptions(program.command('test'))
    .summary('run a command on private copies of the databases')
    .description(
      'Run the command on clones of the template, which is built if need be: private, writable copies in RAM, handed ' +
        'over by the variables of "env" in the configuration and as DEVSHM_CLONE_1, 2, … (paths; with several databases ' +
        'also DEVSHM_CLONE_1_NAME). They are removed afterwards, and the exit status is the command’s. If it fails, ' +
        'what it left is kept on disk and the command that shows what differs from the template is printed.',
    )
    .addArgument(completing('command', new Argument('<command...>', 'the command and its arguments, after --')))
    .option('--clones <number>', 'how many clones (default: 1)', parseCount)
    .option('--keep', 'keep what the command left, also if it succeeds', false)
    .passThroughOptions()
    .action(async ([file, ...args]: string[], flags: Partial<CommonOptions> & { clones?: number; keep: boolean }) => {
      if (file === undefined || file === '') throw new UsageError('the command to run is empty')
      const { test } = await import('../commands/test.ts')
      finish(await test([file, ...args], common(flags)))
    })
}

function defineClone({ program, finish, common }: Definition): void {
  const clone = program
    .command('clone')
    .summary('make a private copy of the databases, for a script')
    .description(
      'Make a clone of the template, in RAM, and print its path; with several databases one path a line. It is yours ' +
        'until `devshm clone rm PATH`. It also goes by itself, with the next clone that anybody makes, once the session ' +
        'that you are in has ended (the terminal window, the CI job), or the process named with --for, and nobody has ' +
        'it open.',
    )
  withCommonOptions(clone.command('make', { isDefault: true, hidden: true }))
    .option(
      '--for <pid>',
      'the process that needs it, such as $$ for a shell script: it stays while that runs',
      parseCount,
    )
    .action(async (flags: Partial<CommonOptions> & { for?: number }) => {
      const { makeClone } = await import('../commands/clone.ts')
      finish(await makeClone(common(flags)))
    })
  clone
    .command('rm')
    .summary('remove clones')
    .description('Remove clones that devshm clone has made. One that somebody has open stays.')
    .addArgument(completing('files', new Argument('<paths...>', 'as devshm clone printed them')))
    .option('--json', 'print JSON for programs')
    .action(async (paths: string[], flags: Partial<CommonOptions>) => {
      const { removeClones } = await import('../commands/clone.ts')
      finish(await removeClones(paths, common(flags)))
    })
}
