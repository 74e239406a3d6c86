import type { FileLock } from '../engine/sqlite/file-lock.ts'
import { readImage } from '../engine/sqlite/for-tests.ts'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { ownThread, type ProcessIdentity } from '../process/identity.ts'
import { closePoolFolder } from '../volume/clone-folder.ts'
import { openCloneFolders, type CloneFolders } from './clone-folders.ts'
import type { Clone, CloneOptions, MemoryClone } from './clone.ts'
import type { CloneEvent } from './events.ts'
import { openFileClone } from './file-clone.ts'
import { findTemplate } from './find-template.ts'
import type { TestDatabasesHandle } from './handle.ts'
import { openMemoryClone } from './memory-clone.ts'

export interface PoolOptions {
  readonly handle: TestDatabasesHandle
  /** Shows that the template is in use; let go with the pool. */
  readonly use: FileLock
  /** Whether the pool's folders go with this one: it is the one that made them. */
  readonly isOwner: boolean
  readonly report: (event: CloneEvent) => void
}

/** One process's, or thread's, part in a pool. */
export class Pool implements AsyncDisposable {
  readonly handle: TestDatabasesHandle
  readonly #options: PoolOptions
  readonly #folders: CloneFolders
  readonly #images = new Map<string, Buffer>()
  readonly #held = new Set<AsyncDisposable>()
  #count = 0
  #closing: Promise<void> | undefined

  constructor(options: PoolOptions) {
    this.#options = options
    this.handle = options.handle
    this.#folders = openCloneFolders(options.handle, ownThread(), options.report)
  }

  clone(options: CloneOptions & { readonly memory: true }): Promise<MemoryClone>
  clone(options?: CloneOptions & { readonly memory?: false }): Promise<Clone>
  clone(options?: CloneOptions): Promise<Clone | MemoryClone>
  async clone(options: CloneOptions = {}): Promise<Clone | MemoryClone> {
    if (this.#closing !== undefined) throw closed()
    const first = findTemplate(this.handle, options.database ?? this.handle.databases[0]?.name ?? '').name
    this.#count += 1
    const name = nameClone(this.#count, options.name)
    try {
      const clone = options.memory === true ? this.#inMemory(name, first) : await this.#asFiles(name, first)
      this.#held.add(clone)
      return clone
    } catch (error) {
      throw systemCodeOf(error) === 'ENOENT' ? this.#gone(error) : error
    }
  }

  /** Have the clones made so far stay for as long as this process runs as well, whatever becomes of this one. */
  neededBy(identity: ProcessIdentity): void {
    this.#folders.neededBy(identity)
  }

  #inMemory(name: string, first: string): MemoryClone {
    const { handle } = this
    const clone = openMemoryClone({
      handle,
      name,
      first,
      imageOf: (database) => {
        const image = this.#images.get(database) ?? readImage(findTemplate(handle, database).template)
        this.#images.set(database, image)
        return image
      },
      onReleased: () => this.#held.delete(clone),
    })
    return clone
  }

  async #asFiles(name: string, first: string): Promise<Clone> {
    const folder = await this.#folders.make(name)
    const release = async (): Promise<void> => {
      this.#held.delete(clone)
      await this.#folders.release(folder)
    }
    const clone = openFileClone({ handle: this.handle, name, folder, first, release })
    return clone
  }

  #gone(cause: unknown): DevshmError {
    const { disk, databases, cache } = this.handle
    const missing = databases.find(({ template }) => lookAt(template) === undefined)
    if (lookAt(disk) === undefined || missing === undefined) return closed(cause)
    return new DevshmError('LOST', `the template ${missing.template} is gone`, {
      hint: `it is built again with the next pool; was ${cache} removed?`,
      cause,
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const clone of this.#held) await clone[Symbol.asyncDispose]()
    await this.#folders.close()
    const { isOwner, use } = this.#options
    const { ram, disk } = this.handle
    const pools = 'refusal' in ram ? [disk] : [ram.folder, disk]
    if (isOwner) for (const pool of pools) await closePoolFolder(pool)
    use[Symbol.dispose]()
  }
}

function nameClone(count: number, wish: string | undefined): string {
  const readable = wish
    ?.replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^[-.]+|-+$/g, '')
    .slice(0, 60)
  return readable === undefined || readable === '' ? `clone-${count}` : `clone-${count}-${readable}`
}

function closed(cause?: unknown): DevshmError {
  return new DevshmError('USAGE', 'the pool of clones was closed already', {
    hint: 'keep the pool open for as long as tests need clones of it',
    cause,
  })
}
