import { InvalidArgumentError, Option, type Command } from 'commander'
import { completing } from '../completion/completes.ts'
import type { CommonOptions } from '../options.ts'
import type { Surroundings } from '../program.ts'

/** What a group of commands is given to define itself. */
export interface Definition {
  readonly program: Command
  readonly surroundings: Surroundings
  /** Called with the exit status when a command has ended. */
  readonly finish: (status: number) => void
  /** What every command understands, from the flags that were given. */
  readonly common: <Flags extends Partial<CommonOptions>>(flags: Flags) => Flags & CommonOptions
}

export function withCommonOptions(command: Command): Command {
  return command
    .addOption(
      completing(
        'databases',
        new Option('--db <path>', 'the database, instead of what is found or configured; may be repeated'),
      ).argParser(collect),
    )
    .option('--json', 'print JSON for programs')
    .option('--verbose', 'print where an error came from')
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value]
}

export function parseSeconds(value: string): number {
  const seconds = Number(value)
  if (!Number.isFinite(seconds) || seconds < 0 || value.trim() === '') {
    throw new InvalidArgumentError('It takes a number of seconds, 0 or more.')
  }
  return seconds
}

export function parseCount(value: string): number {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new InvalidArgumentError('It takes a whole number, 1 or more.')
  return Number(value)
}
