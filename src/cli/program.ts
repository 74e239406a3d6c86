import { Command } from 'commander'
import { defineBenchCommand } from './define/bench-command.ts'
import { defineCompletionCommands } from './define/completion-commands.ts'
import { defineDiffCommands } from './define/diff-commands.ts'
import { defineInitCommand } from './define/init-command.ts'
import { defineSessionCommands } from './define/session-commands.ts'
import { defineSnapshotCommands } from './define/snapshot-commands.ts'
import { defineTemplateCommands } from './define/template-commands.ts'
import { defineTestingCommands } from './define/testing-commands.ts'
import { defineVolumeCommands } from './define/volume-commands.ts'
import { HELP } from './define/help.ts'
import type { Definition } from './define/definition.ts'
import { version } from './version.ts'

/** Where a run of the command line takes place. */
export interface Surroundings {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** How to start this program again: the runtime, its options and the script. */
  readonly program: readonly string[]
}

const GROUPS = [
  defineSessionCommands,
  defineDiffCommands,
  defineTemplateCommands,
  defineTestingCommands,
  defineSnapshotCommands,
  defineInitCommand,
  defineVolumeCommands,
  defineBenchCommand,
  // The last: it completes what those above define.
  defineCompletionCommands,
]

/**
 * The command line: flags, and which module does the work. A command's module is imported when it is called, and
 * returns the exit status to `finish`. Groups of commands after the one that has `wanted` are left out: to define all
 * of them takes milliseconds, and a run needs only one.
 */
export function buildProgram(surroundings: Surroundings, finish: (status: number) => void, wanted = ''): Command {
  const { cwd, env } = surroundings
  const program = new Command('devshm')
    .description('Development databases in RAM, back in a known state in milliseconds, and never lost.')
    .version(version)
    .enablePositionalOptions()
    .configureHelp(HELP)
  const definition: Definition = {
    program,
    surroundings,
    finish,
    common: (flags) => ({ ...flags, cwd, env, db: flags.db ?? [], json: flags.json ?? false }),
  }
  for (const define of GROUPS) {
    define(definition)
    if (program.commands.some((command) => command.name() === wanted)) break
  }
  return program
}
