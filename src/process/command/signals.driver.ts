/**
 * Only for tests: what `devshm run` does about its command, without any database.
 *
 * Tells on standard error what it did, as one JSON object a line. With HOLD_AFTER it stays after the command,
 * as if saving, until a further signal comes.
 */
import { writeSync } from 'node:fs'
import { DevshmError } from '../../errors.ts'
import { runCommand } from './run-command.ts'
import type { Command } from './run-command.ts'
import { watchSignals } from './signals.ts'

const tell = (fact: object): void => void writeSync(2, `${JSON.stringify(fact)}\n`)

using signals = watchSignals()
const [program = '', ...args] = process.argv.slice(2)
const command: Command = [program, ...args]
try {
  const { status, signal } = await runCommand(command, { env: process.env, cwd: process.cwd(), signals })
  tell({ status, signal, received: signals.received })
  process.exitCode = status
  if (process.env['HOLD_AFTER'] !== undefined) await furtherSignal()
} catch (error) {
  if (!(error instanceof DevshmError)) throw error
  tell({ code: error.code, message: error.message, hint: error.hint })
  process.exitCode = error.code === 'COMMAND_NOT_FOUND' ? 127 : 126
}

async function furtherSignal(): Promise<void> {
  const keepAlive = setInterval(() => {}, 60_000)
  const signal = await new Promise<NodeJS.Signals>((resolve) => signals.afterCommand(resolve))
  clearInterval(keepAlive)
  tell({ further: signal })
}
