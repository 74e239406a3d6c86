import { dirname } from 'node:path'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'

/** The folder of an origin, which may go away as a whole, and come back. */
export class ProjectFolder {
  readonly #origin: string
  /** Since when it is not there, by the monotonic clock. */
  #goneSince: number | undefined

  constructor(origin: string) {
    this.#origin = origin
  }

  get isThere(): boolean {
    const isThere = lookAt(dirname(this.#origin)) !== undefined
    if (isThere) this.#goneSince = undefined
    return isThere
  }

  /** Call it from when it is not there any more. */
  isGoneForLongerThan(ms: number): boolean {
    this.#goneSince ??= performance.now()
    return performance.now() - this.#goneSince > ms
  }

  /** @throws {DevshmError} `IO` */
  requireThere(): void {
    if (this.isThere) return
    throw new DevshmError('IO', `the folder of ${this.#origin} is gone, so it cannot be saved there`, {
      hint: 'put the folder back, or run any devshm command where it is now: it carries on with what is in RAM',
      details: { path: this.#origin },
    })
  }
}
