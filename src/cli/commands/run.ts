import { resolveCommand } from '../../process/command/resolve-command.ts'
import { runCommand, type Command } from '../../process/command/run-command.ts'
import { nameCommand } from '../../process/name-command.ts'
import { watchSignals, type SignalWatch } from '../../process/command/signals.ts'
import { statusOfSignal } from '../../process/command/signal-status.ts'
import { Session } from '../../session/session.ts'
import { openDatabases } from '../open-databases.ts'
import type { AttachOptions } from '../options.ts'
import { printNote } from '../output.ts'
import { reporter } from '../reporter.ts'
import { sessionOptions } from '../session-options.ts'

/** Attach, run the command, save, detach. The command's exit status is returned; 1 if only the save failed. */
export async function run(command: Command, options: AttachOptions): Promise<number> {
  const { cwd, env } = options
  // Before anything is touched: a command that cannot start must not move a database.
  resolveCommand(command[0], env, cwd)
  using signals = watchSignals()
  // It may have to wait for another devshm command, for as long as that takes.
  leaveAtOnceOnSecondInterrupt(signals, 'the command will not be started; Ctrl-C once more leaves at once')
  const { contexts, configuration } = await openDatabases(options, reporter(options), command)
  const about = { kind: 'run', command: nameCommand(['devshm', 'run', '--', ...command]) } as const
  const session = await Session.open(contexts, sessionOptions(options, configuration, about))
  let status = 1
  let isSaved = false
  try {
    const [early] = signals.received
    status = early === undefined ? (await runCommand(command, { cwd, env, signals })).status : statusOfSignal(early)
  } finally {
    leaveAtOnceOnSecondInterrupt(signals, 'saving; Ctrl-C once more leaves at once, with the database still in RAM')
    isSaved = await session.close()
  }
  return status === 0 && !isSaved ? 1 : status
}

/** A Ctrl-C this long before the command's end may have ended it; an earlier one was for the command, as in a REPL. */
const ENDED_BY_CTRL_C_MS = 10_000

/**
 * A second Ctrl-C, before or after the command, means now: die of it, without waiting for a slow disk or a lock. What is
 * in RAM stays there, the last save on disk stays whole, and the next command carries on. The other signals come when a
 * terminal closes or the machine goes down; then the save is needed most, and goes on.
 */
function leaveAtOnceOnSecondInterrupt(signals: SignalWatch, afterTheFirst: string): void {
  let interrupts = signals.arrivedWithin('SIGINT', ENDED_BY_CTRL_C_MS) ? 1 : 0
  signals.afterCommand((signal) => {
    if (signal !== 'SIGINT') return
    interrupts += 1
    if (interrupts < 2) {
      printNote(`devshm: ${afterTheFirst}`)
      return
    }
    printNote('devshm: left at once; what is in RAM is still there, and the next devshm command carries on with it')
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
