import { reasonOf } from '../../errors.ts'
import { resolveCommand } from '../../process/command/resolve-command.ts'
import { runCommand, type Command } from '../../process/command/run-command.ts'
import { statusOfSignal } from '../../process/command/signal-status.ts'
import { watchSignals } from '../../process/command/signals.ts'
import type { Clone, Kept } from '../../testing/index.ts'
import { prepareTests, type TestRun } from '../../testing/test-run.ts'
import { cloneReporter } from '../clone-reporter.ts'
import type { CommonOptions } from '../options.ts'
import { printNote } from '../output.ts'
import { reporter } from '../reporter.ts'
import { leaveAtOnceOnSecondInterrupt } from '../second-interrupt.ts'
import { templateReporter } from '../template-reporter.ts'

export interface TestOptions extends CommonOptions {
  readonly clones?: number
  /** Keep what the command left, also if it succeeds. */
  readonly keep: boolean
}

const LEFT = 'the next devshm command removes the clones'

/** Run the command on clones. Its exit status is returned; 1, if all went well but what was to be kept was not. */
export async function test(command: Command, options: TestOptions): Promise<number> {
  const { cwd, env, db } = options
  resolveCommand(command[0], env, cwd)
  using signals = watchSignals()
  leaveAtOnceOnSecondInterrupt(signals, 'the command will not be started; Ctrl-C once more leaves at once', LEFT)
  await using run = await prepareTests({
    command,
    cwd,
    env,
    db,
    clones: options.clones,
    report: reporter(options),
    reportTemplate: templateReporter(options),
    reportClones: cloneReporter(options),
  })
  const [early] = signals.received
  if (early !== undefined) return statusOfSignal(early)
  const { status } = await runCommand(command, {
    cwd,
    env: { ...env, ...run.variables },
    signals,
    onStart: (pid) => run.startedAs(pid),
  })
  leaveAtOnceOnSecondInterrupt(signals, 'removing the clones; Ctrl-C once more leaves at once', LEFT)
  if (options.keep) {
    const isKept = await keepAll(run, (clone) => clone.keep(), options)
    return status === 0 && !isKept ? 1 : status
  }
  // Whoever interrupts does not want to look at what was half done.
  if (status !== 0 && signals.received.length === 0) await keepAll(run, (clone) => clone.keepIfChanged(), options)
  return status
}

/** What goes wrong here must not hide how the command ended. @returns whether all are kept that are to be */
async function keepAll(
  { clones }: TestRun,
  keep: (clone: Clone) => Promise<Kept | undefined>,
  { json }: TestOptions,
): Promise<boolean> {
  let areKept = true
  for (const clone of clones) {
    try {
      const kept = Object.entries((await keep(clone))?.databases ?? {})
      for (const [database, { path, command }] of kept) {
        if (json) printNote(JSON.stringify({ type: 'clone-kept', clone: clone.name, database, path, command }))
        else for (const line of [`devshm: what the command left is kept: ${path}`, `  ${command}`]) printNote(line)
      }
    } catch (error) {
      areKept = false
      printNote(`devshm: ${clone.path} could not be kept: ${reasonOf(error)}`)
    }
  }
  return areKept
}
