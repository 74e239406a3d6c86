import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { systemCodeOf } from '../errors.ts'
import { harmlessForTerminal } from '../fs/escape-controls.ts'

const STANDARD_OUTPUT = 1
const STANDARD_ERROR = 2

/**
 * Write to a descriptor itself. Node's stream objects would set the user's own pipe or terminal to non-blocking, which
 * the command that shares it may not expect.
 */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(descriptor, bytes, done)
    } catch (error) {
      const code = systemCodeOf(error)
      if (code === 'EAGAIN') continue
      // Nobody reads any more: what there was to say is not worth failing for.
      if (code === 'EPIPE' || code === 'EIO') return
      throw error
    }
  }
}

/** Whether a line is on the terminal that goes when its job is over. */
let isLineShown = false

/** Show one line on standard error, a terminal, in place of the one shown before. What is printed appears above. */
export function showLine(text: string): void {
  writeQuietly(`\r\x1b[2K${harmlessForTerminal(text)}`)
  isLineShown = true
}

export function hideLine(): void {
  if (isLineShown) writeQuietly('\r\x1b[2K')
  isLineShown = false
}

function writeQuietly(text: string): void {
  try {
    writeSync(STANDARD_ERROR, text)
  } catch {
    // A full or closed terminal: it is not worth failing for.
  }
}

// Names of files, of projects and in databases are others' words: whatever is printed passes through one filter, here.

export function printLine(line: string): void {
  hideLine()
  write(STANDARD_OUTPUT, `${harmlessForTerminal(line)}\n`)
}

/** A path that a script takes as it is; only a terminal is spared what would drive it. */
export function printPath(path: string): void {
  if (isatty(STANDARD_OUTPUT)) printLine(path)
  else write(STANDARD_OUTPUT, `${path}\n`)
}

/** devshm's own words, apart from the command's output. */
export function printNote(line: string): void {
  hideLine()
  write(STANDARD_ERROR, `${harmlessForTerminal(line)}\n`)
}

/** The same, and the line is not ended: what the user types follows. */
export function printQuestion(text: string): void {
  hideLine()
  write(STANDARD_ERROR, harmlessForTerminal(text))
}
