import type { Command, CommanderError } from 'commander'
import { UsageError } from '../errors.ts'
import { visibleCommands } from './define/help.ts'

const INVALID_OPTION = /^option '(?<name>\S+).*' argument '(?<value>.*)' is invalid\. (?<remark>.*?)\.?$/s
const INVALID_ARGUMENT =
  /^command-argument value '(?<value>.*)' is invalid for argument '(?<name>\S+)'\. (?<remark>.*?)\.?$/s

/** What commander says of a wrong call, in our words and with what to do about it. */
export function usageErrorOf(error: CommanderError, command: Command): UsageError {
  return new UsageError(messageOf(error, command), { hint: `${pathOf(command)} --help shows what there is` })
}

function messageOf({ code, message }: CommanderError, { args, registeredArguments }: Command): string {
  if (code === 'commander.excessArguments') {
    return `unexpected argument ${args.slice(registeredArguments.length).map(quoted).join(' ')}`
  }
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n')
  const invalid = INVALID_OPTION.exec(what)?.groups ?? INVALID_ARGUMENT.exec(what)?.groups
  if (invalid !== undefined) {
    const { name = '', value = '', remark = '' } = invalid
    return `${name} ${quoted(value)}: ${remark.charAt(0).toLowerCase()}${remark.slice(1)}`
  }
  const meant = suggestion?.replace(/^\(Did you mean (.*)\?\)$/, '; did you mean $1?') ?? ''
  return `${what}${meant}`
}

function quoted(word: string): string {
  return `'${word}'`
}

/** As it is typed: a command without a word of its own, such as the list of `devshm snapshots`, is its parent. */
function pathOf(command: Command): string {
  const { parent } = command
  if (parent === null) return command.name()
  const isTyped = parent.parent === null || visibleCommands(parent).includes(command)
  return isTyped ? `${pathOf(parent)} ${command.name()}` : pathOf(parent)
}
