import { isSea } from 'node:sea'
import { CommanderError, type Command } from 'commander'
import { DevshmError, reasonOf } from '../errors.ts'
import { systemFailure } from '../fs/system-failure.ts'
import { exitStatusOf } from './exit-status.ts'
import { printNote } from './output.ts'
import { buildProgram, SEE_HELP } from './program.ts'

/**
 * The one entry and the one exit: no other module reads the process's arguments or ends it.
 */
async function main(argv: readonly string[]): Promise<number> {
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
    // For programs the same is told as JSON, below.
    const writeErr = asJson(argv) ? () => undefined : (text: string) => printNote(text.trimEnd())
    for (const command of withSubcommands(program)) command.exitOverride().configureOutput({ writeErr })
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

/** One clear line, what to do about it, and the status; where it came from only on request, or if it is our bug. */
function explain(error: unknown, argv: readonly string[]): number {
  if (error instanceof CommanderError) return explainCall(error, argv)
  const known = error instanceof DevshmError ? error : systemFailure(error)
  if (asJson(argv) && known !== undefined) {
    const { code, message, hint, details } = known
    printNote(JSON.stringify({ type: 'error', code, message, hint, details }))
  } else if (known !== undefined) {
    printNote(`devshm: ${known.message}`)
    if (known.hint !== undefined) printNote(`  ${known.hint}`)
  } else {
    printNote(`devshm: unexpected: ${reasonOf(error)}`)
    printNote('  this is a bug in devshm; please report it with the output of the same command and --verbose')
  }
  if (ownOptions(argv).includes('--verbose') && error instanceof Error) printNote(stackOf(error))
  return known === undefined ? 1 : exitStatusOf(known.code)
}

/** Commander has printed its message for people already; help and version are no failures. */
function explainCall(error: CommanderError, argv: readonly string[]): number {
  if (error.exitCode === 0) return 0
  if (asJson(argv)) {
    const message = error.message.replace(/^error: /, '')
    printNote(JSON.stringify({ type: 'error', code: 'USAGE', message, hint: SEE_HELP, details: {} }))
  }
  return 2
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}

// Not awaited at the top level, which CommonJS does not have: the bundle is that, because it starts faster.
void main(process.argv.slice(2)).then((status) => process.exit(status))
