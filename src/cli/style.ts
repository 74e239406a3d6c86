import { isatty } from 'node:tty'

const STANDARD_OUTPUT = 1

/**
 * Bold on a terminal; as it is for a program or a file, and where `NO_COLOR` is set to anything.
 *
 * @see https://no-color.org
 */
export function strongFor(env: NodeJS.ProcessEnv): (text: string) => string {
  const isWanted = isatty(STANDARD_OUTPUT) && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return isWanted ? (text) => `\x1b[1m${text}\x1b[22m` : (text) => text
}
