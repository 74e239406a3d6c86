import { DevshmError, reasonOf } from '../errors.ts'
import { linkTarget } from '../fs/look.ts'
import { volumePaths } from '../volume/find-volume.ts'
import type { Context } from './context.ts'
import { Member, type MemberOptions } from './member.ts'
import { readLastSave } from './last-save.ts'
import { sweepStale } from './sweep-stale.ts'
import { createRoomWatch } from './watch-room.ts'

export interface SessionOptions extends MemberOptions {
  /** Milliseconds between saves, or `undefined` for none on a timer. */
  readonly saveEveryMs: number | undefined
  /** Fail instead of leaving a database on disk when it cannot be in RAM. */
  readonly requireRam: boolean
}

/** How often to see whether the user did something to a path, in milliseconds. */
const FOLLOW_EVERY_MS = 500

/** A save takes at most this part of the time: a slow disk is not kept busy by it. */
const SAVE_AT_MOST_ONE_PART_IN = 20

/**
 * All databases of a project in RAM, for as long as a command or a holder needs them: saved on a timer, followed when
 * the user replaces them, brought back together at the end.
 */
export class Session {
  readonly #members: readonly Member[]
  readonly #options: SessionOptions
  readonly #lastComplaint = new Map<Member, string>()
  readonly #nextSave = new Map<Member, number>()
  #timer: NodeJS.Timeout | undefined
  #tick: Promise<void> = Promise.resolve()
  #isLooking = false
  #isClosing = false
  #hasSwept = false
  readonly #watchRoom: ReturnType<typeof createRoomWatch>
  readonly #ended = Promise.withResolvers<void>()

  private constructor(members: readonly Member[], options: SessionOptions) {
    this.#members = members
    this.#options = options
    const report = members[0]?.context.report ?? (() => undefined)
    this.#watchRoom = createRoomWatch(report)
  }

  /**
   * Attach all of them or none. A database for which there is no RAM stays on disk, reported, unless RAM is required.
   *
   * @throws {DevshmError} and then every origin is as before
   */
  static async open(contexts: readonly Context[], options: SessionOptions): Promise<Session> {
    const session = new Session(
      contexts.map((context) => new Member(context, options)),
      options,
    )
    try {
      for (const member of session.#members) await session.#join(member)
    } catch (error) {
      await session.close()
      throw error
    }
    await session.#lookAtRoom()
    session.#start()
    return session
  }

  /** What is in RAM at this moment. */
  get databases(): { readonly origin: string; readonly live: string }[] {
    return this.#members.flatMap(({ attachment }) => (attachment === undefined ? [] : [attachment]))
  }

  /** Save what was written to. @throws {DevshmError} the last save is then as before */
  async save(): Promise<void> {
    for (const member of this.#members) await member.saveIfWritten()
  }

  /** Fulfilled when `devshm detach` has ended every attachment of this session. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /**
   * Save and detach everything that no other session needs.
   *
   * @returns false if a database could not be saved; it is still in RAM then, and was reported
   */
  async close(): Promise<boolean> {
    this.#isClosing = true
    clearInterval(this.#timer)
    await this.#tick
    let isSaved = true
    for (const member of this.#members) {
      try {
        await member.leave()
      } catch (error) {
        isSaved = false
        // The last word, also where the timer's saves have failed in the same way.
        this.#lastComplaint.delete(member)
        this.#complain(member, error)
      }
    }
    return isSaved
  }

  async #join(member: Member): Promise<void> {
    try {
      await member.join()
    } catch (error) {
      if (this.#options.requireRam || !(error instanceof DevshmError) || error.code !== 'NO_RAM') throw error
      const { origin } = member.context.places
      member.context.report({ type: 'on-disk', origin, reason: error.message, hint: error.hint })
    }
  }

  /** Look after the databases now instead of at the next tick. */
  lookNow(): void {
    if (this.#isLooking || this.#isClosing) return
    this.#isLooking = true
    this.#tick = this.#lookAfterAll().finally(() => {
      this.#isLooking = false
    })
  }

  #start(): void {
    this.#timer = setInterval(() => this.lookNow(), FOLLOW_EVERY_MS)
  }

  async #lookAfterAll(): Promise<void> {
    let ended = 0
    for (const member of this.#members) {
      try {
        if (!(await member.follow())) ended += 1
        else await this.#saveIfDue(member)
      } catch (error) {
        this.#complain(member, error)
      }
    }
    await this.#lookAtRoom()
    await this.#sweepOnce()
    if (ended > 0 && ended === this.#members.length) this.#ended.resolve()
  }

  async #lookAtRoom(): Promise<void> {
    const attachments = this.#members.flatMap(({ attachment }) => (attachment === undefined ? [] : [attachment]))
    try {
      await this.#watchRoom(attachments)
    } catch (error) {
      this.#complainOfFirst(error)
    }
  }

  /** What other projects left behind in RAM, while nobody waits for it. */
  async #sweepOnce(): Promise<void> {
    const [first] = this.#members
    if (this.#hasSwept || first === undefined) return
    this.#hasSwept = true
    const { volume, report } = first.context
    try {
      await sweepStale(volumePaths(volume), report)
    } catch (error) {
      this.#complainOfFirst(error)
    }
  }

  #complainOfFirst(error: unknown): void {
    const [first] = this.#members
    if (first !== undefined) this.#complain(first, error)
  }

  async #saveIfDue(member: Member): Promise<void> {
    const { saveEveryMs } = this.#options
    if (saveEveryMs === undefined) return
    const now = performance.now()
    const due = this.#nextSave.get(member) ?? now + saveEveryMs
    this.#nextSave.set(member, due)
    if (now < due) return
    try {
      await member.saveIfWritten()
    } finally {
      const last = readLastSave(member.context.places)
      const pause = Math.max(saveEveryMs, SAVE_AT_MOST_ONE_PART_IN * (last?.ms ?? 0))
      this.#nextSave.set(member, performance.now() + pause)
    }
  }

  /** Say what went wrong once, not at every tick. */
  #complain(member: Member, error: unknown): void {
    const message = reasonOf(error)
    if (this.#lastComplaint.get(member) === message) return
    this.#lastComplaint.set(member, message)
    const { report, places } = member.context
    const hint = error instanceof DevshmError ? error.hint : undefined
    const kept = member.attachment?.live ?? linkTarget(places.origin) ?? places.origin
    report({ type: 'failed', origin: places.origin, message, hint, kept })
  }
}
