import { quoted } from '../../../fs/quoted.ts'

/** A command line that runs in a folder of the project, given relative to it. */
export function inFolder(base: string, command: string): string {
  return base === '' ? command : `cd ${quoted(base)} && ${command}`
}
