import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { resolveCommand } from './resolve-command.ts'
import { statusOfSignal } from './signal-status.ts'
import type { SignalWatch } from './signals.ts'
import { describeSpawnFailure } from './spawn-failure.ts'

export interface RunCommandOptions {
  readonly env: NodeJS.ProcessEnv
  /** An absolute path. */
  readonly cwd: string
  /** Passes on to the command what it would otherwise miss; only while the command runs. */
  readonly signals: Pick<SignalWatch, 'passOnTo'>
  /** Called once the command runs, with its pid. */
  readonly onStart?: (pid: number) => void
}

export interface CommandResult {
  /** The exit status of the command, or 128 + n if signal n ended it, as a shell reports it. */
  readonly status: number
  readonly signal: NodeJS.Signals | null
}

export type Command = readonly [program: string, ...args: string[]]

/**
 * Run the user's command in the foreground, without a shell, until it ends.
 *
 * It inherits standard input, output, error, the terminal and the process group, so prompts, colours and
 * Ctrl-Z work as without devshm; devshm never opens its own stream objects on them. Every signal that devshm
 * gets meanwhile reaches the command as `signals` promises.
 *
 * @throws {DevshmError} `COMMAND_NOT_FOUND` or `COMMAND_NOT_EXECUTABLE`: it was not started
 */
export async function runCommand(command: Command, options: RunCommandOptions): Promise<CommandResult> {
  const program = resolveCommand(command[0], options.env, options.cwd)
  const child = spawnOrThrow(program, command, options)
  return await new Promise((resolve, reject) => {
    // Also a signal that may not be sent (to sudo's child, say) is an 'error' event: only a start can fail the run.
    child.on('error', (error) => {
      if (child.pid === undefined) reject(describeSpawnFailure(program, error))
    })
    child.once('exit', (code, signal) => {
      const status = code ?? (signal === null ? 1 : statusOfSignal(signal))
      // A Ctrl-C that ended the command may be delivered to another thread of devshm than the news of the end,
      // and be seen after it: with two turns of the event loop it is in `received` before the caller goes on.
      setImmediate(() => setImmediate(() => resolve({ status, signal })))
    })
    if (child.pid === undefined) return
    options.signals.passOnTo(child)
    options.onStart?.(child.pid)
  })
}

/** Some failures are events, others (ENOEXEC, E2BIG) are thrown by Node's `spawn` itself. */
function spawnOrThrow(program: string, [argv0, ...args]: Command, options: RunCommandOptions): ChildProcess {
  try {
    return spawn(program, args, { argv0, cwd: options.cwd, env: options.env, stdio: 'inherit' })
  } catch (error) {
    throw describeSpawnFailure(program, error)
  }
}
