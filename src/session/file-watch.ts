import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { isAsAttached, stampOfOrigin } from './as-attached.ts'
import type { Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import { recover } from './recover.ts'

/** Sees to it that somebody who writes to the file of a database without a link is told that it is in RAM. */
export class FileWatch {
  readonly #context: Context
  readonly #attachment: Attachment
  /** Of the file when it was looked into last. */
  #stamp: string | undefined

  constructor(context: Context, attachment: Attachment) {
    this.#context = context
    this.#attachment = attachment
    this.#stamp = attachment.stamp
  }

  get isLiveThere(): boolean {
    return lookAt(this.#attachment.live) !== undefined
  }

  /** Whether live is there, and certainly nobody wrote to the file. */
  get isInPlace(): boolean {
    return this.isLiveThere && stampOfOrigin(this.#context.places) === this.#stamp
  }

  /**
   * Report if somebody did, once for each time. Under the database's lock.
   *
   * @throws {DevshmError} `IO`: live is gone. The last save is at the path then, but nothing can be attached anew under a
   *   running command: its processes know live by the path that it had
   */
  async look(): Promise<void> {
    if (!this.isLiveThere) {
      await recover(this.#context)
      const { live } = this.#attachment
      throw new DevshmError('IO', `${live} is gone, and what the command started goes on looking for it`, {
        hint: 'end the command and start it again',
      })
    }
    const { places, report } = this.#context
    const stamp = stampOfOrigin(places)
    try {
      if (!(await isAsAttached(this.#context, this.#attachment))) {
        const isThere = lookAt(places.origin) !== undefined
        report({ type: 'changed-on-disk', origin: places.origin, isThere })
      }
    } catch (error) {
      // That very program holds it locked: the next look may find out.
      if (error instanceof DevshmError && error.code === 'BUSY') return
      throw error
    }
    this.#stamp = stamp
  }
}
