import type { LogKeeper } from '../engine/engine.ts'
import { showPresence, type FileLock } from '../engine/sqlite/file-lock.ts'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { attach } from './attach.ts'
import { routeOf, type Attachment, type Route } from './attachment.ts'
import type { Context } from './context.ts'
import { readDetachMark, wasDetachedSince } from './detach-mark.ts'
import { isAsSaved } from './last-save.ts'
import type { OwnEvent, SessionEvent } from './events.ts'
import { FileWatch } from './file-watch.ts'
import type { Fence } from './late-openers.ts'
import { readLeases, takeLease, type Lease } from './leases.ts'
import { isLentByAnother } from './lending.ts'
import { locked } from './locked.ts'
import { ProjectFolder } from './project-folder.ts'
import { preflight } from './preflight.ts'
import { requireRoute } from './other-route.ts'
import { recoverLending } from './put-path-back.ts'
import { recover } from './recover.ts'
import { release } from './release.ts'
import { save } from './save.ts'
import { leadsToLive } from './swap.ts'

export interface MemberOptions {
  readonly kind: Lease['kind']
  /** For people: what this session runs. */
  readonly command: string
  readonly journal: 'keep' | 'wal'
  /** How its apps are led to live (default: by a link). */
  readonly route?: Route
}

/** How long a holder stays for a project whose folder is gone, in milliseconds. */
const HOLDER_WAITS_MS = 10_000

/**
 * One database in one session: in RAM while `attachment` is set, on disk otherwise. Its operations run one after the
 * other, and under the database's lock.
 */
export class Member {
  readonly context: Context
  readonly #options: MemberOptions
  readonly #folder: ProjectFolder
  #attachment: Attachment | undefined
  #presence: FileLock | undefined
  #keeper: LogKeeper | undefined
  #fence: Fence | undefined
  #turn: Promise<unknown> = Promise.resolve()
  /** Set once this session has had it in RAM: there is something to bring back or to tidy, whatever happens to the path. */
  #hasJoined = false
  /** Set when `devshm detach` brought it back: nothing is attached again then. */
  #hasEnded = false
  #detachMark = ''
  /** Set where no link leads to live. */
  #file: FileWatch | undefined

  constructor(context: Context, options: MemberOptions) {
    this.context = context
    this.#options = options
    this.#folder = new ProjectFolder(context.places.origin)
  }

  get attachment(): Attachment | undefined {
    return this.#attachment
  }

  /** Attach, or share what is attached already. */
  async join(): Promise<void> {
    const started = performance.now()
    await preflight(this.context)
    await this.#exclusively(async () => {
      await this.#attachOrShare(started, { createIfAbsent: true })
    })
  }

  /** Save, unless it certainly was not written to since the last save. */
  async saveIfWritten(): Promise<void> {
    const attachment = this.#attachment
    if (attachment === undefined || isAsSaved(this.context.places, attachment)) return
    await this.#exclusively(async () => {
      const current = await recover(this.context)
      if (current === undefined || current.live !== attachment.live) return
      const { wrote, facts } = await save(this.context, current, {
        isOriginalFenced: this.#fence !== undefined,
      })
      if (wrote) this.#report({ type: 'saved', bytes: facts.bytes, ms: facts.ms, to: this.context.places.lastSave })
    })
  }

  /**
   * See whether the user did something to the path meanwhile. What is at the path now is what they mean: live is kept
   * as a snapshot, and a new file there is attached as soon as nobody has it open.
   *
   * @returns false when there is nothing more to do: `devshm detach` ended it, or a holder's project has been gone for long
   */
  async follow(): Promise<boolean> {
    if (this.#fence !== undefined && (await this.#fence.releaseIfClosed())) this.#fence = undefined
    const attachment = this.#attachment
    const { places } = this.context
    if (!this.#hasJoined) return !this.#hasEnded
    if (this.#isInPlace(attachment)) return true
    // A project that is gone as a whole may be back in a moment, and cannot be saved to meanwhile.
    if (!this.#folder.isThere) {
      return this.#options.kind !== 'holder' || !this.#folder.isGoneForLongerThan(HOLDER_WAITS_MS)
    }
    if (this.#endIfDetached()) return false
    if (attachment === undefined && (this.#options.route === 'hook' || lookAt(places.origin) === undefined)) return true
    // A set-up step has the path for a while; waiting for it here would hold up the other databases.
    if (isLentByAnother(places)) return true
    return await this.#exclusively(async () => {
      // The lock may have been that very detach's.
      if (this.#endIfDetached()) return false
      await recoverLending(this.context)
      if (this.#isInPlace(attachment)) return true
      if (this.#file !== undefined) {
        const file = this.#file
        if (!file.isLiveThere) this.#letGo()
        await file.look()
        return true
      }
      this.#letGo()
      try {
        await this.#attachOrShare(performance.now(), { createIfAbsent: false })
      } catch (error) {
        // Somebody has the new file open: the next look may find it closed.
        if (!(error instanceof DevshmError) || error.code !== 'IN_USE') throw error
      }
      return true
    })
  }

  /** End this session's part: save, and detach unless another session needs the database in RAM. */
  async leave(): Promise<void> {
    if (!this.#hasJoined) return
    this.#folder.requireThere()
    if (this.#fence !== undefined) {
      // The lock on the old file ends with this process, so this process must not end before; but first of all, save.
      await this.saveIfWritten()
      await this.#fence.releaseWhenClosed()
    }
    await this.#exclusively(async () => {
      this.#letGo()
      await release(this.context)
    })
  }

  async #attachOrShare(started: number, options: { createIfAbsent: boolean }): Promise<void> {
    const { context } = this
    const { origin } = context.places
    const recovered = await requireRoute(context, await recover(context), this.#options.route ?? 'link')
    if (recovered === undefined && !options.createIfAbsent && lookAt(origin) === undefined) return
    const { attachment, fence } =
      recovered === undefined ? await attach(context, this.#options) : { attachment: recovered, fence: undefined }
    const { alive } = await readLeases(attachment)
    await takeLease(attachment, this.#options.kind, this.#options.command)
    this.#attachment = attachment
    this.#hasJoined = true
    this.#detachMark = readDetachMark(context.places)
    this.#fence = fence
    if (routeOf(attachment) === 'hook') this.#file = new FileWatch(context, attachment)
    this.#presence = await showPresence(context.places.presence)
    if (attachment.journal === 'wal') this.#keeper = context.engine.keepLogShort(attachment.live)
    const { live } = attachment
    const bytes = Number(lookAt(live)?.size ?? 0n)
    if (recovered === undefined) this.#report({ type: 'attached', bytes, ms: performance.now() - started, live })
    else this.#report({ type: 'joined', bytes, live, heldBy: alive })
  }

  #isInPlace(attachment: Attachment | undefined): boolean {
    return this.#file?.isInPlace ?? leadsToLive(this.context.places.origin, attachment)
  }

  #endIfDetached(): boolean {
    if (!wasDetachedSince(this.context.places, this.#detachMark)) return false
    this.#letGo()
    this.#hasJoined = false
    this.#hasEnded = true
    return true
  }

  #letGo(): void {
    this.#keeper?.[Symbol.dispose]()
    this.#presence?.[Symbol.dispose]()
    this.#keeper = undefined
    this.#presence = undefined
    this.#attachment = undefined
    this.#file = undefined
  }

  #report(event: OwnEvent): void {
    this.context.report({ ...event, origin: this.context.places.origin } satisfies SessionEvent)
  }

  async #exclusively<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => locked(this.context, action))
    this.#turn = turn.catch(() => undefined)
    return await turn
  }
}
