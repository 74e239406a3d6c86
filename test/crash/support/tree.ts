import { createHash } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs'
import { join } from 'node:path'

/** All that lies in some folders, to be put back again and again. */
export interface Tree {
  readonly entries: readonly Entry[]
}

interface Entry {
  readonly path: string
  readonly stats: BigIntStats
  readonly content: 'folder' | Buffer | { readonly linkTo: string } | { readonly sameAs: string }
}

/** Below a folder, parents first. */
function pathsBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.toSorted().map((name) => join(folder, name))
}

export function takeTree(folders: readonly string[]): Tree {
  const seen = new Map<bigint, string>()
  const entries = folders.flatMap(pathsBelow).map((path): Entry => {
    const stats = lstatSync(path, { bigint: true })
    if (stats.isDirectory()) return { path, stats, content: 'folder' }
    if (stats.isSymbolicLink()) return { path, stats, content: { linkTo: readlinkSync(path) } }
    const first = seen.get(stats.ino)
    if (first !== undefined) return { path, stats, content: { sameAs: first } }
    if (stats.nlink > 1n) seen.set(stats.ino, path)
    return { path, stats, content: readFileSync(path) }
  })
  return { entries }
}

/**
 * Make the folders, which stay the ones that they are, hold a tree again. Files get new inodes; records in JSON, which
 * name some by inode, are led to the new ones.
 */
export function putTree(folders: readonly string[], { entries }: Tree): void {
  for (const folder of folders) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
  }
  for (const entry of entries) put(entry)
  const renamed = entries.flatMap(({ path, stats }) => [
    [identityOf(stats), identityOf(lstatSync(path, { bigint: true }))] as const,
  ])
  for (const { path, content, stats } of entries) {
    if (Buffer.isBuffer(content) && path.endsWith('.json')) writeFileSync(path, withIdentities(content, renamed))
    if (Buffer.isBuffer(content)) utimesSync(path, seconds(stats.atimeNs), seconds(stats.mtimeNs))
  }
  // A folder's time changes with what is made in it.
  for (const { path, content, stats } of entries.toReversed()) {
    if (content === 'folder') utimesSync(path, seconds(stats.atimeNs), seconds(stats.mtimeNs))
  }
}

function put({ path, stats, content }: Entry): void {
  if (content === 'folder') mkdirSync(path)
  else if (Buffer.isBuffer(content)) writeFileSync(path, content)
  else if ('sameAs' in content) linkSync(content.sameAs, path)
  else {
    symlinkSync(content.linkTo, path)
    lutimesSync(path, seconds(stats.atimeNs), seconds(stats.mtimeNs))
    return
  }
  chmodSync(path, Number(stats.mode) & 0o7777)
}

interface FileIdentity {
  readonly inode: string
  readonly born: string
}

function identityOf({ dev, ino, birthtimeNs }: BigIntStats): FileIdentity {
  return { inode: `${dev}:${ino}`, born: `:${birthtimeNs}` }
}

/** All at once: a new number may be the old one of another file. */
function withIdentities(text: Buffer, renamed: readonly (readonly [FileIdentity, FileIdentity])[]): string {
  const now = new Map(renamed.map(([from, to]) => [from.inode, { ...to, was: from }]))
  return text.toString().replaceAll(/"(\d+:\d+)(:\d+)?"/g, (whole, inode: string, born: string | undefined) => {
    const found = now.get(inode)
    if (found === undefined) return whole
    if (born === undefined) return `"${found.inode}"`
    return born === found.was.born ? `"${found.inode}${found.born}"` : whole
  })
}

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9
}

/** What there is, by name, with a digest of the content and, if asked for, the inode: equal if nothing was changed. */
export function describeTree(folders: readonly string[], options: { inodes: boolean }): Map<string, string> {
  return new Map(
    folders.flatMap(pathsBelow).map((path) => {
      const stats = lstatSync(path)
      const what = stats.isDirectory()
        ? 'folder'
        : stats.isSymbolicLink()
          ? `-> ${readlinkSync(path)}`
          : createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
      return [path, options.inodes ? `${what} ${stats.ino}` : what]
    }),
  )
}
