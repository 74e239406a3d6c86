import type { ReportTemplate, TemplateEvent } from '../template/events.ts'
import { printNote } from './output.ts'
import { showProgress, type Progress } from './progress.ts'
import { renderTemplateEvent } from './render/template-events.ts'

/** Show what happens to a template, on standard error: lines for people, with progress, or one JSON object a line. */
export function templateReporter({ json }: { readonly json: boolean }): ReportTemplate {
  let progress: Progress | undefined
  return (event: TemplateEvent) => {
    progress?.end()
    progress = undefined
    if (json) printNote(JSON.stringify(event))
    else for (const line of renderTemplateEvent(event)) printNote(line)
    if (!json && event.type === 'template-step') progress = showProgress(`running ${event.run}`)
  }
}
