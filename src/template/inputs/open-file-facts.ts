import { hash } from 'node:crypto'
import { readFileSync, statSync, type BigIntStats } from 'node:fs'
import { join } from 'node:path'
import { reasonOf, systemCodeOf } from '../../errors.ts'
import { shortHash } from '../../fs/short-hash.ts'
import type { FileFacts } from '../file-facts.ts'
import { readFacts, writeFacts, type Facts, type KnownFile } from './facts-file.ts'
import { hashOfFile } from './hash-file.ts'
import { pathOfText } from './odd-names.ts'
import { readInput, type Reading } from './read-input.ts'
import { isAsStamped } from './stamp.ts'

export interface FileFactsOptions {
  /** Told, once at most, that what was learnt could not be kept: the next command will have to read the files again. */
  readonly onNotKept?: (reason: string) => void
}

/**
 * Open what is known of the files of the project at `root` (absolute), kept in a file of its own in `cacheFolder`, which
 * must be private to this user.
 *
 * A fact is used again only if device, inode, size and both times of the file are what they were when it was read, and
 * were older then than a tick of the clock. So a hash is never that of an older content, whatever wrote to the file and
 * whatever it made of its times. (But: a program that keeps a file mapped into its memory writes unseen until the kernel
 * writes it back; and on a disk of another machine whose clock differs, two writes of one size within a tick look alike.)
 * The file system is asked at every call, so one `FileFacts` may be used while files change.
 */
export function openFileFacts(root: string, cacheFolder: string, options: FileFactsOptions = {}): FileFacts {
  return new RememberedFacts(root, join(cacheFolder, `${shortHash(root)}.facts`), options)
}

class RememberedFacts implements FileFacts {
  readonly #root: string
  readonly #path: string
  readonly #options: FileFactsOptions
  readonly #seen = new Set<string>()
  #loaded: Facts | undefined
  #isNew = false
  #canBeKept = true

  constructor(root: string, path: string, options: FileFactsOptions) {
    this.#root = root
    this.#path = path
    this.#options = options
  }

  hashOf(path: string): string | undefined {
    const known = this.#knownOf(path)
    if (known !== undefined) return known.hash
    const reading = readInput(this.#at(path), hashOfFile)
    return reading && this.#learn(path, reading, reading.value)
  }

  derived(path: string, key: string, derive: (content: string) => readonly string[]): readonly string[] | undefined {
    const known = this.#knownOf(path)
    const remembered = known && this.#facts.derived.get(known.hash)?.get(key)
    if (remembered !== undefined) return remembered
    const reading = readInput(this.#at(path), (file) => readFileSync(file))
    if (reading === undefined) return undefined
    const from = this.#learn(path, reading, hash('sha256', reading.value))
    const lists = this.#facts.derived.get(from) ?? new Map<string, readonly string[]>()
    const list = lists.get(key) ?? derive(reading.value.toString())
    this.#facts.derived.set(from, lists.set(key, list))
    this.#isNew = true
    return list
  }

  save(): void {
    if (!this.#isNew || !this.#canBeKept) return
    this.#isNew = false
    this.#forgetWhatIsGone()
    try {
      writeFacts(this.#path, this.#root, this.#facts)
    } catch (error) {
      this.#canBeKept = false
      this.#options.onNotKept?.(reasonOf(error))
    }
  }

  get #facts(): Facts {
    this.#loaded ??= readFacts(this.#path, this.#root)
    return this.#loaded
  }

  #at(path: string): string {
    return `${this.#root}/${path}`
  }

  /** What is known of the file as it is now. */
  #knownOf(path: string): KnownFile | undefined {
    this.#seen.add(path)
    const known = this.#facts.files.get(path)
    if (known === undefined) return undefined
    const stats = statOf(this.#at(path))
    if (stats !== undefined && isAsStamped(known.stamp, stats)) return known
    this.#facts.files.delete(path)
    return undefined
  }

  #learn(path: string, { stamp }: Reading<unknown>, from: string): string {
    if (stamp !== undefined) {
      this.#facts.files.set(path, { stamp, hash: from })
      this.#isNew = true
    }
    return from
  }

  #forgetWhatIsGone(): void {
    const { files, derived } = this.#facts
    for (const path of files.keys()) {
      if (!this.#seen.has(path)) this.#knownOf(path)
    }
    const hashes = new Set(Array.from(files.values(), (file) => file.hash))
    for (const from of derived.keys()) {
      if (!hashes.has(from)) derived.delete(from)
    }
  }
}

/** Links followed; nothing where there is nothing to be read. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(pathOfText(path), { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    if (['ENOTDIR', 'ELOOP', 'EACCES'].includes(systemCodeOf(error) ?? '')) return undefined
    throw error
  }
}
