import { isatty } from 'node:tty'
import { hideLine, showLine } from './output.ts'

const STANDARD_ERROR = 2

/** A job that is over sooner needs no progress, in milliseconds. */
const QUIET_MS = 1_000
const EVERY_MS = 100

export interface Progress extends Disposable {
  /** How far it is, in any unit. */
  readonly update: (done: number, total: number) => void
  /** What it is about now. */
  readonly say: (text: string) => void
  end(): void
}

/** There is one line: whoever begins to show something ends what was shown. */
let endShown: (() => void) | undefined

/**
 * One line on standard error that says what takes so long and how far it is, from the second second on (or `atOnce`,
 * where the job will leave no time for that) and only on a terminal; it is gone when the job is over. The usual libraries
 * are no help here: they take over signals, which must reach the job.
 */
export function showProgress(what: string, { atOnce = false }: { atOnce?: boolean } = {}): Progress {
  if (!isatty(STANDARD_ERROR) || process.env['TERM'] === 'dumb') {
    return { update() {}, say() {}, end() {}, [Symbol.dispose]() {} }
  }
  let text = what
  const started = performance.now()
  let share = ''
  let lastShown = 0
  endShown?.()
  const show = (): void => {
    if (endShown !== end) return
    const now = performance.now()
    if ((!atOnce && now - started < QUIET_MS) || now - lastShown < EVERY_MS) return
    lastShown = now
    showLine(`devshm: ${text}${share}, ${Math.floor((now - started) / 1000)} s`)
  }
  const timer = setInterval(show, EVERY_MS).unref()
  const end = (): void => {
    clearInterval(timer)
    if (endShown !== end) return
    endShown = undefined
    hideLine()
  }
  endShown = end
  return {
    update(done, total) {
      share = total > 0 ? ` ${Math.min(100, Math.floor((100 * done) / total))}%` : ''
      // The job may be one that leaves no time for timers.
      show()
    },
    say(now) {
      text = now
    },
    end,
    [Symbol.dispose]: end,
  }
}

/** {@link showProgress} for as long as a job takes. */
export async function withProgress<Outcome>(text: string, job: () => Promise<Outcome>): Promise<Outcome> {
  using _progress = showProgress(text)
  return await job()
}
