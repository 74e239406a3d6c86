import { formatBytes } from '../../fs/format-bytes.ts'
import type { TemplateEvent } from '../../template/events.ts'
import { formatMs, formatTime } from './names.ts'

/** An event of a template as lines for people. */
export function renderTemplateEvent(event: TemplateEvent): string[] {
  switch (event.type) {
    case 'template-waiting':
      return [`devshm: waiting for another devshm that builds the same template: ${event.holders}`]
    case 'template-step':
      return [`devshm: building the template, step ${event.number} of ${event.of}${how(event.start)}: ${event.run}`]
    case 'template-step-done':
      return [`  done (${formatBytes(event.bytes)}, ${formatMs(event.ms)})`]
    case 'template-in-full':
      return [`devshm: ${event.run} could not continue from an older state and is run in full: ${event.reason}`]
    case 'template-empty-glob':
      return [`devshm: the input "${event.glob}" in devshm.config.json matches no file`]
    case 'template-changed-meanwhile':
      return [`devshm: files changed while ${event.run} ran; building again`]
    case 'test-database':
      return renderTestDatabase(event)
  }
}

function how(start: Extract<TemplateEvent, { type: 'template-step' }>['start']): string {
  return start === 'pending' ? ', what is pending' : ''
}

const MOST_DIFFERENCES = 12

function renderTestDatabase(event: Extract<TemplateEvent, { type: 'test-database' }>): string[] {
  const { alias, outcome, reason, ms, kept, since, differs } = event
  const head = `devshm: test database '${alias}':`
  switch (outcome) {
    case 'hit':
      return [`${head} hit, filled from its template in ${formatMs(ms)}`]
    case 'left alone':
      return [`${head} left to Django: ${reason ?? 'for no reason'}`]
    case 'failed':
      return [`${head} made by Django, as filling it from a template failed: ${reason ?? 'for no reason'}`]
    case 'miss': {
      const why = since === undefined ? 'none was made before' : `since that of ${formatTime(since)}:`
      const became = kept ? 'it is kept as a template' : `it is not kept: ${reason ?? 'for no reason'}`
      const more = (differs?.length ?? 0) - MOST_DIFFERENCES
      const lines = (differs ?? []).slice(0, MOST_DIFFERENCES).map((each) => `  ${each}`)
      return [`${head} miss, ${became}; ${why}`, ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])]
    }
  }
}
