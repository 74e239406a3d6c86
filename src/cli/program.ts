import { Command } from 'commander'
import { defineDiffCommands } from './define/diff-commands.ts'
import { defineSessionCommands } from './define/session-commands.ts'
import { defineSnapshotCommands } from './define/snapshot-commands.ts'
import { defineTemplateCommands } from './define/template-commands.ts'
import { defineTestingCommands } from './define/testing-commands.ts'
import type { Definition } from './define/definition.ts'
import { version } from './version.ts'

/** Where a run of the command line takes place. */
export interface Surroundings {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** How to start this program again: the runtime, its options and the script. */
  readonly program: readonly string[]
}

/**
 * The command line: flags, and which module does the work. A command's module is imported when it is called, and
 * returns the exit status to `finish`.
 */
export function buildProgram(surroundings: Surroundings, finish: (status: number) => void): Command {
  const { cwd, env } = surroundings
  const program = new Command('devshm')
    .description('Development databases in RAM, back in a known state in milliseconds, and never lost.')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('(devshm --help shows what there is)')
  const definition: Definition = {
    program,
    surroundings,
    finish,
    common: (flags) => ({ ...flags, cwd, env, db: flags.db ?? [], json: flags.json ?? false }),
  }
  defineSessionCommands(definition)
  defineDiffCommands(definition)
  defineTemplateCommands(definition)
  defineTestingCommands(definition)
  defineSnapshotCommands(definition)
  return program
}
