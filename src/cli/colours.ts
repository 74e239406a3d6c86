import { isatty } from 'node:tty'
import { styleText } from 'node:util'

const STANDARD_OUTPUT = 1
const STANDARD_ERROR = 2

export type Colour = 'red' | 'green' | 'yellow'

/** Colours are for people at a terminal that has them, who have not said otherwise (https://no-color.org). */
function isColoured(descriptor: number): boolean {
  const { NO_COLOR, TERM } = process.env
  return isatty(descriptor) && !NO_COLOR && TERM !== 'dumb'
}

/** For what is printed on standard output. */
export function colour(name: Colour, text: string): string {
  return isColoured(STANDARD_OUTPUT) ? paint(name, text) : text
}

/** For what is printed on standard error. */
export function colourNote(name: Colour, text: string): string {
  return isColoured(STANDARD_ERROR) ? paint(name, text) : text
}

function paint(name: Colour, text: string): string {
  // Whether there is a terminal was asked above, without Node.js's streams, which would change the user's own.
  return styleText(name, text, { validateStream: false })
}
