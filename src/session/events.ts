import type { Opener } from '../process/open-files.ts'
import type { Route } from './attachment.ts'
import type { Lease } from './leases.ts'

/**
 * What happened to a database, for whoever shows it to people. Sizes in bytes, durations in milliseconds, times in
 * ISO 8601 (UTC). This is the `--json` contract of the acting commands: fields are only ever added.
 */
export type SessionEvent = { readonly origin: string } & (
  | { readonly type: 'attached'; readonly bytes: number; readonly ms: number; readonly live: string }
  /** It was in RAM already, held by other sessions or by none. */
  | { readonly type: 'joined'; readonly bytes: number; readonly live: string; readonly heldBy: readonly Lease[] }
  | { readonly type: 'saved'; readonly bytes: number; readonly ms: number; readonly to: string }
  | { readonly type: 'unchanged' }
  /** There was nothing to save or to detach. */
  | { readonly type: 'was-on-disk' }
  /** Detached: the origin is a file again, or absent if it was and nothing was ever written. */
  | { readonly type: 'detached'; readonly changed: boolean; readonly bytes: number; readonly ms: number }
  /** Its content was kept under a name, as a file. */
  | {
      readonly type: 'snapshot'
      readonly snapshot: string
      readonly path: string
      readonly bytes: number
      readonly ms: number
    }
  /** Equal now to a snapshot or file (`from`); `kept`: the snapshot that holds what was overwritten. */
  | {
      readonly type: 'restore' | 'undo'
      readonly from: string
      readonly changed: boolean
      readonly bytes: number
      readonly ms: number
      readonly kept: string | undefined
    }
  /** Equal to its template now; `kept`: the snapshot that holds what was overwritten. */
  | {
      readonly type: 'reset'
      readonly changed: boolean
      readonly bytes: number
      readonly ms: number
      readonly fingerprint: string
      readonly wasBuilt: boolean
      readonly kept: string | undefined
    }
  | { readonly type: 'carried-on'; readonly attachedAt: string }
  | { readonly type: 'restored'; readonly savedAt: string | undefined; readonly bytes: number }
  /** `route` is `hook` where it was attached without a link, and the file was changed on disk. */
  | {
      readonly type: 'replaced'
      readonly snapshot: string
      readonly path: string
      readonly isThere: boolean
      readonly route: Route
    }
  /** Without a link: another program wrote to the file, replaced or (not `isThere`) removed it, while apps use RAM. */
  | { readonly type: 'changed-on-disk'; readonly isThere: boolean }
  /** Without a link: nothing that the command started can have used what is in RAM. */
  | { readonly type: 'not-used'; readonly reason: string; readonly hint: string }
  | { readonly type: 'copied'; readonly from: string; readonly bytes: number }
  | { readonly type: 'adopted'; readonly from: string }
  | { readonly type: 'still-open'; readonly openers: readonly Opener[] }
  | { readonly type: 'still-held'; readonly heldBy: readonly Lease[] }
  | { readonly type: 'on-disk'; readonly reason: string; readonly hint: string | undefined }
  | { readonly type: 'inherited-fault'; readonly reason: string }
  | { readonly type: 'moved-aside'; readonly path: string; readonly to: string }
  /** A build that had lent the path was killed; `snapshot` and `path`: where what was at the path since is kept. */
  | { readonly type: 'put-back'; readonly snapshot?: string; readonly path?: string }
  /** Left behind in RAM, its content on disk, and removed from RAM therefore. */
  | { readonly type: 'swept'; readonly live: string; readonly bytes: number }
  /** A volume that it is in is 90% full; `largest`: a project's folder, or words. */
  | {
      readonly type: 'nearly-full'
      readonly volume: string
      readonly usedBytes: number
      readonly totalBytes: number
      readonly largest: string
      readonly largestBytes: number
    }
  /** There was no RAM-backed folder (macOS), so a RAM disk was made. */
  | { readonly type: 'made-volume'; readonly volume: string; readonly bytes: number }
  | { readonly type: 'waiting'; readonly holders: string }
  | { readonly type: 'fenced'; readonly openers: readonly Opener[] }
  | { readonly type: 'failed'; readonly message: string; readonly hint: string | undefined; readonly kept: string }
)

export type Report = (event: SessionEvent) => void

type WithoutOrigin<Event> = Event extends SessionEvent ? Omit<Event, 'origin'> : never

/** An event of which the database is clear from the context. */
export type OwnEvent = WithoutOrigin<SessionEvent>
