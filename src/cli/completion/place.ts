import type { Argument, Command, Option } from 'commander'
import { visibleCommands } from '../define/help.ts'
import { completesOf } from './completes.ts'

/** Where in a command line a word stands. */
export interface Place {
  /** What may follow a command that has subcommands. */
  readonly subcommands: readonly Command[]
  readonly options: readonly Option[]
  readonly given: readonly Option[]
  /** The option whose value comes next. */
  readonly openOption: Option | undefined
  readonly argument: Argument | undefined
  /** After `--`. */
  readonly onlyOperands: boolean
  /** The values of `--db` so far. */
  readonly db: readonly string[]
  /** The word with which the command to run has begun, by its index. */
  readonly commandAt: number | undefined
}

/** Follow the words before it through the definitions, as commander will; what is wrong in them is passed over. */
export function placeOf(program: Command, before: readonly string[]): Place {
  let command = program
  let menu = program
  let operands = 0
  let openOption: Option | undefined
  let onlyOperands = false
  let commandAt: number | undefined
  const given: Option[] = []
  const db: string[] = []
  const take = (option: Option, value: string): void => void (option.long === '--db' && db.push(value))
  for (const [index, word] of before.entries()) {
    if (openOption !== undefined) {
      take(openOption, word)
      openOption = undefined
    } else if (word === '--' && !onlyOperands) {
      onlyOperands = true
    } else if (word.startsWith('-') && !onlyOperands) {
      const [name, value] = word.split('=', 2)
      const option = optionsOf(command).find(({ long, short }) => long === name || short === name)
      if (option === undefined) continue
      given.push(option)
      if (value !== undefined) take(option, value)
      else if (option.required) openOption = option
    } else {
      const subcommand =
        operands > 0 || onlyOperands ? undefined : visibleCommands(menu).find((one) => one.name() === word)
      if (subcommand !== undefined) {
        // After `help` come the same commands as in its place.
        if (subcommand.name() !== 'help') menu = subcommand
        command = subcommand
        continue
      }
      const argument = argumentAt(command, operands)
      if (argument !== undefined && completesOf(argument) === 'command') {
        commandAt = index
        break
      }
      operands += 1
    }
  }
  return {
    subcommands: operands > 0 || onlyOperands ? [] : visibleCommands(menu),
    options: optionsOf(command),
    given,
    openOption,
    argument: argumentAt(command, operands),
    onlyOperands,
    db,
    commandAt,
  }
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command)
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const last = command.registeredArguments.at(-1)
  return command.registeredArguments[index] ?? (last?.variadic === true ? last : undefined)
}
