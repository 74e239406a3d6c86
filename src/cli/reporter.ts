import type { Report } from '../session/events.ts'
import { printNote } from './output.ts'
import { renderEvent } from './render/events.ts'

/** A {@link reporter} that remembers whether anything failed, as where an earlier database of a path cannot be kept. */
export function watchedReporter(options: { json: boolean; cwd: string }): { report: Report; hasFailed: () => boolean } {
  const show = reporter(options)
  let failed = false
  return {
    report: (event) => {
      if (event.type === 'failed') failed = true
      show(event)
    },
    hasFailed: () => failed,
  }
}

/** Show events as they happen, on standard error: lines for people, or one JSON object a line. */
export function reporter({ json, cwd }: { json: boolean; cwd: string }): Report {
  let lastLine = ''
  return (event) => {
    const text = json ? JSON.stringify(event) : `devshm: ${renderEvent(event, cwd).join('\n')}`
    // A situation that lasts is looked at again and again, and said once; a failure is never left out.
    if (text === lastLine && event.type !== 'failed') return
    lastLine = text
    printNote(text)
  }
}
