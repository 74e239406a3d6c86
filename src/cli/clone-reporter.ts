import type { CloneEvent } from '../testing/events.ts'
import { printNote } from './output.ts'

/** Show what happens to clones, on standard error: lines for people, or one JSON object a line. */
export function cloneReporter({ json }: { readonly json: boolean }): (event: CloneEvent) => void {
  return (event) => {
    if (json) printNote(JSON.stringify(event))
    else for (const line of render(event)) printNote(line)
  }
}

function render(event: CloneEvent): string[] {
  switch (event.type) {
    case 'clones-on-disk':
      return [`devshm: clones are made on disk now: ${event.reason}`, `  ${event.hint}`]
    case 'clones-not-led':
      return ['devshm: nothing leads the command to its clone but DEVSHM_CLONE_1', `  ${event.hint}`]
  }
}
