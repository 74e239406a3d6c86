import { formatBytes } from '../../fs/format-bytes.ts'
import type { TemplateEvent } from '../../template/events.ts'
import { formatMs } from './names.ts'

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
  }
}

function how(start: Extract<TemplateEvent, { type: 'template-step' }>['start']): string {
  return start === 'pending' ? ', what is pending' : ''
}
