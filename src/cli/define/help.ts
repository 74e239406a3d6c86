import { Help, type Argument, type Command, type HelpConfiguration, type Option } from 'commander'

/** What `--help` shows, and completion offers. */
export const HELP: HelpConfiguration = {
  visibleOptions: (command: Command): Option[] => {
    const hidden = command.parent === null ? [] : command.commands.filter((one) => !isVisible(one, command))
    // A command without a word of its own, such as the list of `devshm snapshots`: its options are given there.
    const all = [command, ...hidden].flatMap((one) => Help.prototype.visibleOptions.call(new Help(), one))
    return all.filter(({ long }, index) => all.findIndex((each) => each.long === long) === index).toSorted(helpLast)
  },
  // That a flag is off by default goes without saying.
  optionDescription: ({ description, defaultValue }: Option): string => {
    return typeof defaultValue === 'number' ? `${description} (default: ${defaultValue})` : description
  },
  argumentDescription: ({ description }: Argument): string => description,
}

export function visibleCommands(command: Command): Command[] {
  return command.createHelp().visibleCommands(command)
}

function isVisible(one: Command, among: Command): boolean {
  return visibleCommands(among).includes(one)
}

function helpLast(a: Option, b: Option): number {
  return Number(a.long === '--help') - Number(b.long === '--help')
}
