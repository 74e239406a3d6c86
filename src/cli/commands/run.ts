import { resolveCommand } from '../../process/command/resolve-command.ts'
import { runCommand, type Command } from '../../process/command/run-command.ts'
import { nameCommand } from '../../process/name-command.ts'
import { watchSignals } from '../../process/command/signals.ts'
import { statusOfSignal } from '../../process/command/signal-status.ts'
import { Session } from '../../session/session.ts'
import { openDatabases } from '../open-databases.ts'
import type { AttachOptions } from '../options.ts'
import { withProgress } from '../progress.ts'
import { namesOf } from '../render/names.ts'
import { reporter } from '../reporter.ts'
import { leaveAtOnceOnSecondInterrupt } from '../second-interrupt.ts'
import { sessionOptions } from '../session-options.ts'

const LEFT = 'what is in RAM is still there, and the next devshm command carries on with it'

/** Attach, run the command, save, detach. The command's exit status is returned; 1 if only the save failed. */
export async function run(command: Command, options: AttachOptions): Promise<number> {
  const { cwd, env } = options
  // Before anything is touched: a command that cannot start must not move a database.
  resolveCommand(command[0], env, cwd)
  using signals = watchSignals()
  // It may have to wait for another devshm command, for as long as that takes.
  leaveAtOnceOnSecondInterrupt(signals, 'the command will not be started; Ctrl-C once more leaves at once', LEFT)
  const { contexts, configuration } = await openDatabases(options, reporter(options), command)
  const about = { kind: 'run', command: nameCommand(['devshm', 'run', '--', ...command]) } as const
  const names = namesOf(
    contexts.map(({ places }) => places.origin),
    cwd,
  )
  const session = await withProgress(`putting ${names} into RAM`, () =>
    Session.open(contexts, sessionOptions(options, configuration, about)),
  )
  let status = 1
  let isSaved = false
  try {
    const [early] = signals.received
    status = early === undefined ? (await runCommand(command, { cwd, env, signals })).status : statusOfSignal(early)
  } finally {
    leaveAtOnceOnSecondInterrupt(
      signals,
      'saving; Ctrl-C once more leaves at once, with the database still in RAM',
      LEFT,
    )
    isSaved = await withProgress(`saving ${names}`, () => session.close())
  }
  return status === 0 && !isSaved ? 1 : status
}
