import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Call } from '../shim.ts'

/** What is on a disk, and what would be after a power cut: of each file and folder as it was when it was synced last. */
export type Node = FileNode | FolderNode | LinkNode

interface Common {
  /** `DEVICE:INODE`, as devshm writes it down. */
  readonly was: string
  mode: number
}

export interface FileNode extends Common {
  readonly kind: 'file'
  bytes: Buffer
  /** Of a file that was never synced the disk has nothing. */
  durable: Buffer
  readonly changedMs: number
}

export interface FolderNode extends Common {
  readonly kind: 'folder'
  readonly entries: Map<string, Node>
  durable: ReadonlyMap<string, Node>
}

export interface LinkNode extends Common {
  readonly kind: 'link'
  readonly target: string
}

const FORMAT = 0o170_000
const LINK = 0o120_000
const TRUNCATE = 0o1000
const NOTHING = Buffer.alloc(0)

/** `lseek` and the like aside, an allocation that only makes a file longer. */
const ALLOCATE_ONLY = 0

/**
 * A model of the disk below some folders, to which recorded calls are applied one by one. It promises what POSIX does and
 * not more: fsync of a file makes its content durable, fsync of a folder the names in it.
 */
export class Disk {
  readonly roots: ReadonlyMap<string, FolderNode>
  readonly #byInode = new Map<number, Node>()

  /** As the folders are now, all of it durable. */
  constructor(...roots: string[]) {
    this.roots = new Map(roots.map((root) => [root, this.#read(root) as FolderNode]))
  }

  holds(path: string): boolean {
    return [...this.roots.keys()].some((root) => path === root || path.startsWith(`${root}/`))
  }

  /**
   * @param bytesOf what a call wrote
   * @returns whether the call may have changed what is on the disk
   * @throws {Error} it is one that the model does not know
   */
  apply(call: Call, bytesOf: (call: Call) => Buffer | undefined): boolean {
    if (call.happened !== 'done') throw new Error(`${call.key} was ${call.happened}`)
    if (call.result < 0 || !this.holds(call.path)) return false
    switch (call.kind) {
      case 'create':
      case 'empty':
        return this.#open(call)
      case 'write':
      case 'copy':
      case 'clone':
        return this.#write(call, bytesOf(call))
      case 'truncate':
        return this.#resize(call, call.length ?? 0)
      case 'allocate':
        if (call.flags !== ALLOCATE_ONLY) break
        return this.#resize(call, Math.max(this.#file(call).bytes.length, (call.offset ?? 0) + (call.length ?? 0)))
      case 'sync':
        return this.#sync(call)
      case 'rename':
        return this.#rename(call)
      case 'link':
        return this.#enter(call.to, this.#at(call.path))
      case 'symlink':
        return this.#enter(call.path, this.#new(call, 'link'))
      case 'mkdir':
        return this.#enter(call.path, this.#new(call, 'folder'))
      case 'unlink':
      case 'rmdir':
        return this.#folder(call.path).entries.delete(basename(call.path))
      case 'chmod':
        this.#node(call).mode = call.now?.mode ?? 0
        return true
      case 'utimes':
      case 'chown':
        // Of no weight for what is found afterwards: all is the same user's.
        return false
      default:
    }
    throw new Error(`the model does not know ${call.key} (${call.kind}, flags ${call.flags})`)
  }

  #open(call: Call): boolean {
    if (call.pathWas === undefined) return this.#enter(call.path, this.#new(call, 'file'))
    if ((call.pathWas.mode & FORMAT) === LINK) {
      const link = this.#at(call.path)
      if (link.kind === 'link' && !this.holds(link.target)) return false
      throw new Error(`the model does not follow links: ${call.key}`)
    }
    return call.kind === 'empty' || (call.flags & TRUNCATE) !== 0 ? this.#resize(call, 0) : false
  }

  #write(call: Call, bytes: Buffer | undefined): boolean {
    if (bytes === undefined || call.offset === undefined) throw new Error(`what was written is not known: ${call.key}`)
    const file = this.#file(call)
    const size = Math.max(file.bytes.length, call.offset + bytes.length)
    // A copy: what is durable shares the old one.
    const next = Buffer.alloc(size)
    file.bytes.copy(next)
    bytes.copy(next, call.offset)
    file.bytes = next
    return true
  }

  #resize(call: Call, size: number): boolean {
    const file = this.#file(call)
    const next = Buffer.alloc(size)
    file.bytes.copy(next, 0, 0, Math.min(size, file.bytes.length))
    file.bytes = next
    return true
  }

  #sync(call: Call): boolean {
    const node = this.#node(call)
    if (node.kind === 'file') node.durable = node.bytes
    else if (node.kind === 'folder') node.durable = new Map(node.entries)
    return true
  }

  #rename(call: Call): boolean {
    if (call.flags !== 0) throw new Error(`the model does not know ${call.key} with flags ${call.flags}`)
    const node = this.#at(call.path)
    const { to = '' } = call
    // Of two names of one file, both stay.
    if (this.#folder(to).entries.get(basename(to)) === node) return false
    this.#folder(call.path).entries.delete(basename(call.path))
    return this.#enter(to, node)
  }

  #enter(path: string | undefined, node: Node): boolean {
    if (path === undefined) throw new Error('a call without a second name')
    this.#folder(path).entries.set(basename(path), node)
    return true
  }

  #new(call: Call, kind: Node['kind']): Node {
    const { device = 0, inode = 0, mode = 0 } = call.now ?? {}
    const common = { was: `${device}:${inode}`, mode }
    const node: Node =
      kind === 'file'
        ? { ...common, kind, bytes: NOTHING, durable: NOTHING, changedMs: Date.now() }
        : kind === 'folder'
          ? { ...common, kind, entries: new Map(), durable: new Map() }
          : { ...common, kind, target: call.target ?? '' }
    this.#byInode.set(inode, node)
    return node
  }

  #file(call: Call): FileNode {
    const node = this.#node(call)
    if (node.kind !== 'file') throw new Error(`${call.key}: not a file`)
    return node
  }

  /** By inode, for it may have no name any more. */
  #node(call: Call): Node {
    const node = this.#byInode.get(call.now?.inode ?? call.pathWas?.inode ?? 0)
    if (node === undefined) throw new Error(`${call.key}: a file that the model has not seen made`)
    return node
  }

  #at(path: string): Node {
    const root = this.roots.get(path)
    if (root !== undefined) return root
    const node = this.#folder(path).entries.get(basename(path))
    if (node === undefined) throw new Error(`the model has nothing at ${path}`)
    return node
  }

  #folder(path: string): FolderNode {
    const node = this.#at(dirname(path))
    if (node.kind !== 'folder') throw new Error(`the model has no folder at ${dirname(path)}`)
    return node
  }

  #read(path: string): Node {
    const stats = lstatSync(path)
    const known = this.#byInode.get(stats.ino)
    if (known !== undefined) return known
    const common = { was: `${stats.dev}:${stats.ino}`, mode: stats.mode }
    let node: Node
    if (stats.isDirectory()) {
      const entries = new Map(readdirSync(path).map((name) => [name, this.#read(join(path, name))]))
      node = { ...common, kind: 'folder', entries, durable: new Map(entries) }
    } else if (stats.isSymbolicLink()) {
      node = { ...common, kind: 'link', target: readlinkSync(path) }
    } else {
      const bytes = readFileSync(path)
      node = { ...common, kind: 'file', bytes, durable: bytes, changedMs: stats.mtimeMs }
    }
    this.#byInode.set(stats.ino, node)
    return node
  }
}
