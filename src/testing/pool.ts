import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileLock } from '../engine/sqlite/file-lock.ts'
import { readImage } from '../engine/sqlite/for-tests.ts'
import { DevshmError, reasonOf, systemCodeOf } from '../errors.ts'
import { ownThread, type ProcessIdentity } from '../process/identity.ts'
import { closePoolFolder, closeWorkerFolder, createWorkerFolder } from '../volume/clone-folder.ts'
import type { Clone, CloneOptions, MemoryClone } from './clone.ts'
import type { CloneEvent } from './events.ts'
import { fillClone, openFileClone } from './file-clone.ts'
import { findTemplate } from './find-template.ts'
import type { TestDatabasesHandle } from './handle.ts'
import { openMemoryClone } from './memory-clone.ts'
import { collectReleases, type Releases } from './releases.ts'
import { watchRoom, type Room } from './room.ts'

interface Ram {
  /** This worker's folder. */
  readonly folder: string
  readonly room: Room
}

export interface PoolOptions {
  readonly handle: TestDatabasesHandle
  /** Shows that the template is in use; let go with the pool. */
  readonly use: FileLock
  /** Whose the clones are (default: this thread's, or process's). */
  readonly maker?: ProcessIdentity | undefined
  /** Whether the pool's folders go with this one: it is the one that made them. */
  readonly isOwner: boolean
  readonly report: (event: CloneEvent) => void
}

/** One process's, or thread's, part in a pool. */
export class Pool implements AsyncDisposable {
  readonly handle: TestDatabasesHandle
  readonly #options: PoolOptions
  readonly #maker: ProcessIdentity
  readonly #bytes: number
  readonly #ram: Ram | undefined
  readonly #releases: Releases
  readonly #images = new Map<string, Buffer>()
  readonly #held = new Set<AsyncDisposable>()
  #disk: string | undefined
  #count = 0
  #closing: Promise<void> | undefined

  constructor(options: PoolOptions) {
    const { handle } = options
    this.#options = options
    this.handle = handle
    this.#maker = options.maker ?? ownThread()
    this.#bytes = handle.databases.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#ram =
      'refusal' in handle.ram
        ? undefined
        : { folder: createWorkerFolder(handle.ram.folder, this.#maker), room: watchRoom(handle.ram) }
    this.#releases = collectReleases((bytes) => this.#ram?.room.giveBack(bytes))
  }

  clone(options: CloneOptions & { readonly memory: true }): Promise<MemoryClone>
  clone(options?: CloneOptions & { readonly memory?: false }): Promise<Clone>
  clone(options?: CloneOptions): Promise<Clone | MemoryClone>
  async clone(options: CloneOptions = {}): Promise<Clone | MemoryClone> {
    if (this.#closing !== undefined) throw closed()
    const first = findTemplate(this.handle, options.database ?? this.handle.databases[0]?.name ?? '').name
    this.#count += 1
    const name = nameClone(this.#count, options.name)
    const clone = options.memory === true ? this.#inMemory(name, first) : await this.#asFiles(name, first)
    this.#held.add(clone)
    return clone
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
    const inRam = await this.#makeInRam(name)
    const folder = inRam ?? (await this.#make(this.#diskFolder(), name))
    const { handle } = this
    const release = async (): Promise<void> => {
      this.#held.delete(clone)
      await this.#releases.add(folder, this.#bytes)
    }
    const clone = openFileClone({ handle, name, folder, isInRam: inRam !== undefined, first, release })
    return clone
  }

  /** @returns `undefined`: there is no room, which has been said */
  async #makeInRam(name: string): Promise<string | undefined> {
    const { ram } = this.handle
    if (this.#ram === undefined) {
      if ('refusal' in ram) this.#saySpilled(ram.refusal, ram.hint)
      return undefined
    }
    const { room, folder } = this.#ram
    let why = room.take(this.#bytes)
    if (why !== undefined) {
      await this.#releases.flush()
      why = room.take(this.#bytes)
    }
    if (why === undefined) {
      try {
        return await this.#make(folder, name)
      } catch (error) {
        room.giveBack(this.#bytes)
        if (!isFull(error)) throw error
        why = reasonOf(error)
      }
    }
    this.#saySpilled(why, 'enlarge the volume, or set "cloneBudget" in devshm.config.json')
    return undefined
  }

  async #make(within: string, name: string): Promise<string> {
    const folder = join(within, name)
    try {
      mkdirSync(folder, { mode: 0o700 })
      await fillClone(this.handle, folder)
      return folder
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw systemCodeOf(error) === 'ENOENT' ? closed(error) : error
    }
  }

  #diskFolder(): string {
    this.#disk ??= createWorkerFolder(this.handle.disk, this.#maker)
    return this.#disk
  }

  /** Once for the pool: the first process that says it leaves a mark. */
  #saySpilled(reason: string, hint: string): void {
    const { disk } = this.handle
    try {
      writeFileSync(join(disk, 'said'), '', { flag: 'wx' })
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return
      throw error
    }
    this.#options.report({ type: 'clones-on-disk', reason, hint, folder: disk })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const clone of this.#held) await clone[Symbol.asyncDispose]()
    await this.#releases.close()
    const { isOwner, use } = this.#options
    const { ram, disk } = this.handle
    const pools = [...('refusal' in ram ? [] : [ram.folder]), disk]
    const workers = [this.#ram?.folder, this.#disk].filter((folder) => folder !== undefined)
    if (isOwner) for (const pool of pools) await closePoolFolder(pool)
    else for (const worker of workers) await closeWorkerFolder(worker)
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

function isFull(error: unknown): boolean {
  const code = systemCodeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

function closed(cause?: unknown): DevshmError {
  return new DevshmError('USAGE', 'the pool of clones was closed already', {
    hint: 'keep the pool open for as long as tests need clones of it',
    cause,
  })
}
