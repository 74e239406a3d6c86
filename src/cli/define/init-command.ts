import type { InitFlags } from '../commands/init.ts'
import { withCommonOptions, type Definition } from './definition.ts'

/** The command that writes a configuration. */
export function defineInitCommand({ program, finish, common }: Definition): void {
  withCommonOptions(program.command('init'))
    .summary('write a configuration of what was found here, to be changed')
    .description(
      'Find the framework and the databases, and write what devshm does by itself, or what it knows of the framework, ' +
        'into devshm.config.json, with comments. It shows what it will write and asks first; no other file is touched. ' +
        'It can be called again: what is missing is added, and what you have changed is only replaced with --force.',
    )
    .option('--yes', 'write without asking', false)
    .option('--force', 'also replace databases and steps that the configuration has already', false)
    .action(async (flags: Partial<InitFlags>) => {
      const { init } = await import('../commands/init.ts')
      finish(await init({ yes: false, force: false, ...common(flags) }))
    })
}
