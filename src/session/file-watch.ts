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
  /** Set once it was another one: what was said of it. From then on it need not be looked into. */
  #said: { readonly isThere: boolean } | undefined

  constructor(context: Context, attachment: Attachment) {
    this.#context = context
    this.#attachment = attachment
    this.#stamp = attachment.stamp
  }

  get isLiveThere(): boolean {
    return lookAt(this.#attachment.live) !== undefined
  }

  get #isFileThere(): boolean {
    return lookAt(this.#context.places.origin) !== undefined
  }

  /** Whether live is there, and certainly nobody wrote to the file; or that was said. */
  get isInPlace(): boolean {
    if (!this.isLiveThere) return false
    if (this.#said !== undefined) return this.#said.isThere === this.#isFileThere
    return stampOfOrigin(this.#context.places) === this.#stamp
  }

  /**
   * Report if somebody did: once, and once more if the file goes or comes. Under the database's lock.
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
      if (this.#said !== undefined || !(await isAsAttached(this.#context, this.#attachment))) {
        this.#said = { isThere: this.#isFileThere }
        report({ type: 'changed-on-disk', origin: places.origin, ...this.#said })
      }
    } catch (error) {
      // That very program holds it locked: the next look may find out.
      if (error instanceof DevshmError && error.code === 'BUSY') return
      throw error
    }
    this.#stamp = stamp
  }
}
