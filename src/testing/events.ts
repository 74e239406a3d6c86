import type { SessionEvent } from '../session/events.ts'
import type { TemplateEvent } from '../template/events.ts'

/** What happened while clones were made. Like other events this is a `--json` contract: fields are only ever added. */
export type CloneEvent =
  /** There is no room in RAM for clones, or they may have no more: they are made on disk. Said once for a pool. */
  | { readonly type: 'clones-on-disk'; readonly reason: string; readonly hint: string; readonly folder: string }
  /** Nothing but `DEVSHM_CLONE_1` and the like leads the command to its clones. */
  | { readonly type: 'clones-not-led'; readonly hint: string }

export type TestingEvent = CloneEvent | TemplateEvent | SessionEvent
