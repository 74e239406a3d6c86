/**
 * What happened to a template, for whoever shows it to people. Durations in milliseconds. Like session events this is
 * a `--json` contract: fields are only ever added.
 */
export type TemplateEvent =
  | { readonly type: 'template-waiting'; readonly holders: string }
  | {
      readonly type: 'template-step'
      readonly run: string
      /** From 1. */
      readonly number: number
      readonly of: number
      /** `pending`: only what is new is run, on top of an older state. */
      readonly start: 'nothing' | 'layer below' | 'pending'
    }
  | { readonly type: 'template-step-done'; readonly run: string; readonly ms: number; readonly bytes: number }
  /** An incremental step was run in full after all. */
  | { readonly type: 'template-in-full'; readonly run: string; readonly reason: string }
  | { readonly type: 'template-empty-glob'; readonly glob: string }
  | { readonly type: 'template-changed-meanwhile'; readonly run: string }
  | {
      /** What became of a test database that Django made. */
      readonly type: 'test-database'
      readonly alias: string
      /**
       * `hit`: it was filled from a template; else Django migrated it. `miss`: there was no template of its key; `left
       * alone`: it never gets one, for the reason; `failed`: something went wrong with it.
       */
      readonly outcome: 'hit' | 'miss' | 'left alone' | 'failed'
      readonly reason: string | undefined
      /** How long it took to find the template, and to fill the database. */
      readonly ms: number
      /** There is a template of it now. */
      readonly kept: boolean
      /** For a miss: when the template was made that is most like it, and what differs. */
      readonly since?: string
      readonly differs?: readonly string[]
    }

export type ReportTemplate = (event: TemplateEvent) => void
