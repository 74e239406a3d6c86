import { CommanderError, type Command } from 'commander'
import { DevshmError } from '../errors.ts'
import { exitStatusOf } from './exit-status.ts'
import { printNote } from './output.ts'
import { buildProgram } from './program.ts'

/**
 * The one entry and the one exit: no other module reads the process's arguments or ends it.
 */
async function main(argv: readonly string[]): Promise<number> {
  let status = 0
  const program = buildProgram(
    {
      cwd: process.cwd(),
      env: process.env,
      program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    },
    (result) => {
      status = result
    },
    argv[0],
  )
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({ writeErr: (text) => printNote(text.trimEnd()) })
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    return explain(error, argv)
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

/** One clear line, what to do about it, and the status; where it came from only on request, or if it is our bug. */
function explain(error: unknown, argv: readonly string[]): number {
  // Commander has printed its message already; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const own = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length)
  const isKnown = error instanceof DevshmError
  if (own.includes('--json') && isKnown) {
    const { code, message, hint, details } = error
    printNote(JSON.stringify({ type: 'error', code, message, hint, details }))
  } else if (isKnown) {
    printNote(`devshm: ${error.message}`)
    if (error.hint !== undefined) printNote(`  ${error.hint}`)
  } else {
    printNote(`devshm: unexpected: ${error instanceof Error ? error.message : String(error)}`)
    printNote('  this is a bug in devshm; please report it with the output of the same command and --verbose')
  }
  if (own.includes('--verbose') && error instanceof Error) printNote(stackOf(error))
  return isKnown ? exitStatusOf(error.code) : 1
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}

// Not awaited at the top level, which CommonJS does not have: the bundle is that, because it starts faster.
void main(process.argv.slice(2)).then((status) => process.exit(status))
