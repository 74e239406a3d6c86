import { createHash } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { bootId } from '../../../../src/process/identity.ts'
import { identityOf, inodeOf, lookAt } from '../../../../src/fs/look.ts'
import type { Disk, FileNode, FolderNode, Node } from './disk.ts'

/**
 * What a power cut leaves of what was not synced:
 *
 * - `nothing`: neither content nor names;
 * - `names`: all names, but no content: what was renamed without an fsync is empty, or old;
 * - `names and sizes`: the same, and files are as long as they were, with zeros in what was not synced;
 * - `some`: all names, and of each file its content or not, as chance has it;
 * - `everything`: what was written had just got to the disk.
 *
 * Names come in order, as in every file system with a journal: a rename between two folders is there in both, or in none.
 * With `nothing`, the folder that was synced has it, and the other one has not.
 */
export const LEFT = ['nothing', 'names', 'names and sizes', 'some', 'everything'] as const
export type Left = (typeof LEFT)[number]

/** What is found at each path after a power cut. */
type Picture = ReadonlyMap<string, { readonly node: Node; readonly bytes: Buffer | undefined }>

export function pictureOf(disk: Disk, left: Left): Picture {
  const picture = new Map<string, { node: Node; bytes: Buffer | undefined }>()
  const walk = (path: string, node: Node): void => {
    picture.set(path, { node, bytes: node.kind === 'file' ? bytesOf(node, left) : undefined })
    if (node.kind === 'folder') for (const [name, each] of entriesOf(node, left)) walk(join(path, name), each)
  }
  for (const [path, node] of disk.roots) walk(path, node)
  return picture
}

function entriesOf({ entries, durable }: FolderNode, left: Left): ReadonlyMap<string, Node> {
  return left === 'nothing' ? durable : entries
}

/** The same again in every picture of a disk, so that what changes there next makes the difference. */
function isLucky({ was }: Node): boolean {
  return createHash('sha256').update(was).digest().readUInt8() % 2 === 0
}

function bytesOf(file: FileNode, left: Left): Buffer {
  const { bytes, durable } = file
  if (left === 'everything' || (left === 'some' && isLucky(file))) return bytes
  if (left !== 'names and sizes') return durable
  const padded = Buffer.alloc(bytes.length)
  durable.copy(padded)
  return padded
}

/** The same for pictures in which nothing differs. */
export function digestOf(picture: Picture): string {
  const hash = createHash('sha256')
  for (const [path, { node, bytes }] of picture) {
    hash.update(`${path} ${node.was} ${node.mode} ${node.kind === 'link' ? node.target : ''} ${bytes?.length ?? ''}\n`)
    if (bytes !== undefined) hash.update(bytes)
  }
  return hash.digest('hex')
}

/**
 * Make the folders what they are in a picture, as after a restart: with another boot, and with the numbers of the new
 * files wherever a file's number was written down.
 */
export function materialise(disk: Disk, picture: Picture): void {
  for (const root of disk.roots.keys()) {
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true, force: true })
  }
  const made = new Map<Node, string>()
  for (const [path, { node, bytes }] of picture) {
    const first = made.get(node)
    if (first !== undefined) linkSync(first, path)
    else if (node.kind === 'link') symlinkSync(node.target, path)
    else if (node.kind === 'file') writeFileSync(path, bytes ?? '')
    else if (!disk.roots.has(path)) mkdirSync(path)
    made.set(node, first ?? path)
  }
  const renumber = renumbering(made)
  for (const [path, { node, bytes }] of picture) {
    if (node.kind === 'link') continue
    if (path.endsWith('.json') && bytes !== undefined) writeFileSync(path, renumber(bytes.toString()))
    chmodSync(path, node.mode & 0o7777)
    if (node.kind === 'file') utimesSync(path, node.changedMs / 1000, node.changedMs / 1000)
  }
}

/** In records a file is `DEVICE:INODE`, or that and the time of its birth. */
function renumbering(made: ReadonlyMap<Node, string>): (text: string) => string {
  const paths = new Map([...made].map(([node, path]) => [node.was, path]))
  const devices = new Set([...made.keys()].map(({ was }) => was.split(':')[0]))
  return (text) =>
    text
      .replaceAll(/\b(\d+):(\d+)(:\d+)?/g, (whole, device: string, inode: string, birth?: string) => {
        if (!devices.has(device)) return whole
        const path = paths.get(`${device}:${inode}`)
        const stats = path === undefined ? undefined : lookAt(path)
        // Of a file that is gone: no other one may have its number.
        if (stats === undefined) return `0:0${birth === undefined ? '' : ':0'}`
        return birth === undefined ? inodeOf(stats) : identityOf(stats)
      })
      .replaceAll(bootId(), '00000000-0000-0000-0000-000000000000')
}

/** All RAM is empty after a restart. */
export function emptyVolume(volume: string): void {
  for (const name of readdirSync(volume)) rmSync(join(volume, name), { recursive: true, force: true })
  if (!lstatSync(volume).isDirectory()) throw new Error(`${volume} is not a folder`)
}
