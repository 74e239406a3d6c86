import { dirname } from 'node:path'
import type { LogKeeper } from '../engine/engine.ts'
import { showPresence, type FileLock } from '../engine/sqlite/file-lock.ts'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { attach } from './attach.ts'
import type { Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import { readDetachMark, wasDetachedSince } from './detach-mark.ts'
import { readLastSave } from './last-save.ts'
import type { OwnEvent, SessionEvent } from './events.ts'
import type { Fence } from './late-openers.ts'
import { readLeases, takeLease, type Lease } from './leases.ts'
import { locked } from './locked.ts'
import { preflight } from './preflight.ts'
import { recover } from './recover.ts'
import { release } from './release.ts'
import { save } from './save.ts'
import { stampOf } from './stamp.ts'
import { isLinkedTo } from './swap.ts'

export interface MemberOptions {
  readonly kind: Lease['kind']
  /** For people: what this session runs. */
  readonly command: string
  readonly journal: 'keep' | 'wal'
}

/**
 * One database in one session: in RAM while `attachment` is set, on disk otherwise. Its operations run one after the
 * other, and under the database's lock.
 */
export class Member {
  readonly context: Context
  readonly #options: MemberOptions
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

  constructor(context: Context, options: MemberOptions) {
    this.context = context
    this.#options = options
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
    if (attachment === undefined || this.#isAsSaved(attachment)) return
    await this.#exclusively(async () => {
      const current = await recover(this.context)
      if (current === undefined || current.live !== attachment.live) return
      const { wrote, facts } = await save(this.context, current)
      if (wrote) this.#report({ type: 'saved', bytes: facts.bytes, ms: facts.ms, to: this.context.places.lastSave })
    })
  }

  /**
   * See whether the user did something to the path meanwhile. What is at the path now is what they mean: live is kept
   * as a snapshot, and a new file there is attached as soon as nobody has it open.
   *
   * @returns false when there is nothing more to do: `devshm detach` ended it, or the project's folder is gone
   */
  async follow(): Promise<boolean> {
    if (this.#fence !== undefined && (await this.#fence.releaseIfClosed())) this.#fence = undefined
    const attachment = this.#attachment
    const { places } = this.context
    if (!this.#hasJoined) return !this.#hasEnded
    if (attachment !== undefined && isLinkedTo(places.origin, attachment)) {
      if (lookAt(attachment.live) !== undefined) return true
    }
    // A project that is gone as a whole cannot be saved to, nor a detached one be meant: what is in RAM stays there.
    if (lookAt(dirname(places.origin)) === undefined || wasDetachedSince(places, this.#detachMark)) {
      this.#letGo()
      this.#hasJoined = false
      this.#hasEnded = true
      return false
    }
    if (lookAt(places.origin) === undefined && attachment === undefined) return true
    await this.#exclusively(async () => {
      this.#letGo()
      try {
        await this.#attachOrShare(performance.now(), { createIfAbsent: false })
      } catch (error) {
        // Somebody has the new file open: the next look may find it closed.
        if (!(error instanceof DevshmError) || error.code !== 'IN_USE') throw error
      }
    })
    return true
  }

  /** End this session's part: save, and detach unless another session needs the database in RAM. */
  async leave(): Promise<void> {
    if (!this.#hasJoined) return
    await this.#exclusively(async () => {
      this.#letGo()
      await release(this.context)
    })
    // The lock on the old file ends with this process, so this process must not end before.
    await this.#fence?.releaseWhenClosed()
  }

  async #attachOrShare(started: number, options: { createIfAbsent: boolean }): Promise<void> {
    const { context } = this
    const { origin } = context.places
    const recovered = await recover(context)
    if (recovered === undefined && !options.createIfAbsent && lookAt(origin) === undefined) return
    const { attachment, fence } =
      recovered === undefined ? await attach(context, this.#options) : { attachment: recovered, fence: undefined }
    const { alive } = await readLeases(attachment)
    await takeLease(attachment, this.#options.kind, this.#options.command)
    this.#attachment = attachment
    this.#hasJoined = true
    this.#detachMark = readDetachMark(context.places)
    this.#fence = fence
    this.#presence = await showPresence(context.places.presence)
    if (attachment.journal === 'wal') this.#keeper = context.engine.keepLogShort(attachment.live)
    const { live } = attachment
    const bytes = Number(lookAt(live)?.size ?? 0n)
    if (recovered === undefined) this.#report({ type: 'attached', bytes, ms: performance.now() - started, live })
    else this.#report({ type: 'joined', bytes, live, heldBy: alive })
  }

  #isAsSaved({ live }: Attachment): boolean {
    const last = readLastSave(this.context.places)
    return last !== undefined && last.settled && last.stamp === stampOf(live)
  }

  #letGo(): void {
    this.#keeper?.[Symbol.dispose]()
    this.#presence?.[Symbol.dispose]()
    this.#keeper = undefined
    this.#presence = undefined
    this.#attachment = undefined
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
