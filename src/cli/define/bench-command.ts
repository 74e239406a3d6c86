import { InvalidArgumentError } from 'commander'
import type { BenchFlags } from '../commands/bench.ts'
import type { CommonOptions } from '../options.ts'
import { parseCount, withCommonOptions, type Definition } from './definition.ts'

const PARTS: readonly string[] = ['commits', 'setup', 'tests']

type Parts = NonNullable<BenchFlags['only']>

/** The command that measures what devshm gains. */
export function defineBenchCommand({ program, surroundings, finish, common }: Definition): void {
  withCommonOptions(program.command('bench'))
    .summary('measure here what RAM and templates gain, and say what to turn on')
    .description(
      'Measure with your project, on this machine: what a commit costs on disk and in RAM, the set-up against a reset from ' +
        'its template, and the start of tests with and without one. It works on private copies: your databases are only ' +
        'read, the cached templates stay as they are, and nothing is left.',
    )
    .option('--only <parts>', 'some of commits, setup and tests, with commas between them', parseParts)
    .option('--quick', 'fewer rounds and shorter ones: less exact', false)
    .option('--runs <number>', 'how many rounds, however long they take', parseCount)
    .option('--html <file>', 'write a page with plots as well, that needs no other file')
    .option('--force', 'replace FILE, whatever it is', false)
    .action(async (flags: Partial<BenchFlags>) => {
      const { bench } = await import('../commands/bench.ts')
      finish(await bench({ quick: false, force: false, ...common(flags), program: surroundings.program }))
    })
  withCommonOptions(program.command('bench-reset', { hidden: true }))
    .argument('<folder>')
    .action(async (folder: string, flags: Partial<CommonOptions>) => {
      const { benchReset } = await import('../commands/bench-reset.ts')
      finish(await benchReset(folder, common(flags)))
    })
}

function parseParts(value: string): Parts {
  const parts = value.split(',').map((part) => part.trim())
  const unknown = parts.find((part) => !PARTS.includes(part))
  if (unknown === undefined) return PARTS.filter((part) => parts.includes(part)) as Parts
  throw new InvalidArgumentError(`There is no part "${unknown}": it takes ${PARTS.join(', ')}.`)
}
