import { writeSync } from 'node:fs'
import { systemCodeOf } from '../errors.ts'

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

export function printLine(line: string): void {
  write(STANDARD_OUTPUT, `${line}\n`)
}

/** devshm's own words, apart from the command's output. */
export function printNote(line: string): void {
  write(STANDARD_ERROR, `${line}\n`)
}

/** The same, and the line is not ended: what the user types follows. */
export function printQuestion(text: string): void {
  write(STANDARD_ERROR, text)
}
