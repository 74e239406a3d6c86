import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'

const STANDARD_ERROR = 2

/** A job that is over sooner needs no progress, in milliseconds. */
const QUIET_MS = 1_000
const EVERY_MS = 100

export interface Progress extends Disposable {
  /** How far it is, in any unit. */
  readonly update: (done: number, total: number) => void
  /** What it is about now. */
  readonly say: (text: string) => void
  /** Let other lines be printed: they appear above. */
  end(): void
}

/**
 * One line on standard error that says what takes so long and how far it is, from the second second on and only on a
 * terminal; it is gone when the job is over. The usual libraries are no help here: they take over signals, which must
 * reach the job.
 */
export function showProgress(what: string): Progress {
  if (!isatty(STANDARD_ERROR) || process.env['TERM'] === 'dumb') {
    return { update() {}, say() {}, end() {}, [Symbol.dispose]() {} }
  }
  let text = what
  const started = performance.now()
  let share = ''
  let isShown = false
  const show = (): void => {
    const ms = performance.now() - started
    if (ms < QUIET_MS) return
    isShown = true
    write(`\r\x1b[2Kdevshm: ${text}${share}, ${Math.floor(ms / 1000)} s`)
  }
  const timer = setInterval(show, EVERY_MS).unref()
  const end = (): void => {
    clearInterval(timer)
    if (isShown) write('\r\x1b[2K')
    isShown = false
  }
  return {
    update(done, total) {
      share = total > 0 ? ` ${Math.min(100, Math.floor((100 * done) / total))}%` : ''
    },
    say(now) {
      text = now
    },
    end,
    [Symbol.dispose]: end,
  }
}

function write(text: string): void {
  try {
    writeSync(STANDARD_ERROR, text)
  } catch {
    // A full or closed terminal: progress is not worth failing for.
  }
}
