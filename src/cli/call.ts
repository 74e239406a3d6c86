import { isSea } from 'node:sea'
import { CommanderError, type Command } from 'commander'
import { DevshmError, reasonOf, type ErrorCode } from '../errors.ts'
import { onOneLine } from '../fs/escape-controls.ts'
import { systemFailure } from '../fs/system-failure.ts'
import { colourNote } from './colours.ts'
import { exitStatusOf } from './exit-status.ts'
import { printNote } from './output.ts'
import { buildProgram } from './program.ts'
import { usageErrorOf } from './usage-error.ts'

/**
 * One call of the command line, by the words after `devshm`: what it prints is for people or, with `--json`, for programs,
 * and what is returned is the exit status. Nothing is thrown.
 */
export async function call(argv: readonly string[]): Promise<number> {
  let status = 0
  try {
    const program = buildProgram(
      {
        cwd: currentFolder(),
        env: process.env,
        // The single-file executable is its own script.
        program: isSea() ? [process.execPath] : [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
      },
      (result) => {
        status = result
      },
      argv[0],
    )
    // What is wrong with the call is told below, as any other failure is.
    const output = { writeErr: (text: string) => printNote(text.trimEnd()), outputError: () => undefined }
    for (const command of withSubcommands(program)) {
      const exit = (error: CommanderError): never => {
        throw error.exitCode === 0 || error.code === 'commander.help' ? error : usageErrorOf(error, command)
      }
      command.exitOverride(exit).configureOutput(output)
    }
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    return explain(error, argv)
  }
}

function currentFolder(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new DevshmError('IO', 'the folder that this was called in does not exist any more', {
      hint: 'change to a folder that does (cd) and try again',
      cause: error,
    })
  }
}

/** Whether devshm's own options, before the command to run, ask for JSON. */
function asJson(argv: readonly string[]): boolean {
  return ownOptions(argv).includes('--json')
}

function ownOptions(argv: readonly string[]): readonly string[] {
  return argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length)
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

/** Their message goes on with the last lines of a program. Any other is one line, whatever names are in it. */
const QUOTES_OUTPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['STEP_FAILED', 'SERVER_NOT_READY'])

/** One clear line, what to do about it, and the status; where it came from only on request, or if it is our bug. */
function explain(error: unknown, argv: readonly string[]): number {
  // Help and version, which are printed by now; without any command the help is the answer to a wrong call.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const known = error instanceof DevshmError ? error : systemFailure(error)
  if (asJson(argv) && known !== undefined) {
    const { code, message, hint, details } = known
    printNote(JSON.stringify({ type: 'error', code, message, hint, details }))
  } else if (known !== undefined) {
    const quotesOutput = QUOTES_OUTPUT.has(known.code)
    const message = quotesOutput ? known.message : onOneLine(known.message)
    printNote(colourNote('red', `devshm: ${message}`))
    if (known.hint !== undefined) printNote(`  ${quotesOutput ? known.hint : onOneLine(known.hint)}`)
  } else {
    printNote(colourNote('red', `devshm: unexpected: ${onOneLine(reasonOf(error))}`))
    printNote('  this is a bug in devshm; please report it with the output of the same command and --verbose')
  }
  if (ownOptions(argv).includes('--verbose') && error instanceof Error) printNote(stackOf(error))
  return known === undefined ? 1 : exitStatusOf(known.code)
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}
