import { createInterface } from 'node:readline'
import { isatty } from 'node:tty'
import { DevshmError } from '../errors.ts'
import { printNote, printQuestion } from './output.ts'

const STANDARD_INPUT = 0
const STANDARD_ERROR = 2

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return isatty(STANDARD_INPUT) && isatty(STANDARD_ERROR)
}

/**
 * Ask a question on the terminal; Enter alone is the answer `usual`, and the end of the input (Ctrl-D) is no. The terminal
 * edits the line and makes signals of keys, as it does for `cp -i`.
 *
 * @throws {DevshmError} `INTERRUPTED`: Ctrl-C
 */
export async function confirm(question: string, usual: boolean): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, terminal: false })
  let interrupt = (): void => undefined
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(new DevshmError('INTERRUPTED', 'interrupted; nothing was written'))
  })
  process.once('SIGINT', interrupt)
  try {
    const answers = lines[Symbol.asyncIterator]()
    for (;;) {
      printQuestion(`${question} ${usual ? '[Y/n]' : '[y/N]'} `)
      const { done, value } = await Promise.race([answers.next(), interrupted])
      const answer = done === true ? 'no' : value.trim().toLowerCase()
      if (done === true) printNote('')
      if (answer === '') return usual
      if (['y', 'yes'].includes(answer)) return true
      if (['n', 'no'].includes(answer)) return false
      printNote('y for yes, n for no')
    }
  } catch (error) {
    printNote('')
    throw error
  } finally {
    process.off('SIGINT', interrupt)
    lines.close()
  }
}
