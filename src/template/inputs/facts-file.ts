import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFileForNow } from '../../fs/replace.ts'
import { numbersOf, STAMP_LENGTH, type Stamp } from './stamp.ts'

export interface KnownFile {
  readonly stamp: Stamp
  readonly hash: string
}

export interface Facts {
  /** By path. */
  readonly files: Map<string, KnownFile>
  /** Lists by their key, by the hash of the content that they were derived from. */
  readonly derived: Map<string, Map<string, readonly string[]>>
}

/** Columns: they are read several times as fast as one object a file. */
interface Content {
  readonly root: string
  readonly paths: readonly string[]
  readonly hashes: readonly string[]
  /** 64-bit integers, five a file, in base64. */
  readonly stamps: string
  readonly derived: readonly (readonly [hash: string, lists: readonly (readonly [key: string, readonly string[]])[]])[]
}

/** The first line: what this is, the version of the format, and the hash of all that follows. */
const HEADER = /^devshm file facts 1 ([0-9a-f]{64})$/
const HEADER_LENGTH = headerOf('').length

/** What was kept, or nothing if that is damaged, of another version or of another project. */
export function readFacts(path: string, root: string): Facts {
  const content = readContent(path)
  if (content?.root !== root) return { files: new Map(), derived: new Map() }
  const bytes = Buffer.from(content.stamps, 'base64')
  // In memory of its own, as 64-bit integers must be aligned.
  const column = new BigInt64Array(new Uint8Array(bytes).buffer)
  const files = new Map<string, KnownFile>()
  for (const [index, file] of content.paths.entries()) {
    files.set(file, { stamp: { column, at: index * STAMP_LENGTH }, hash: content.hashes[index] ?? '' })
  }
  return { files, derived: new Map(content.derived.map(([from, lists]) => [from, new Map(lists)])) }
}

/** In one step: two processes that write at once leave what one of them knows. */
export function writeFacts(path: string, root: string, { files, derived }: Facts): void {
  const stamps = new BigInt64Array(files.size * STAMP_LENGTH)
  for (const [index, { stamp }] of [...files.values()].entries()) stamps.set(numbersOf(stamp), index * STAMP_LENGTH)
  const content: Content = {
    root,
    paths: [...files.keys()],
    hashes: Array.from(files.values(), (file) => file.hash),
    stamps: Buffer.from(stamps.buffer).toString('base64'),
    derived: Array.from(derived, ([from, lists]) => [from, [...lists]]),
  }
  const text = JSON.stringify(content)
  writeFileForNow(path, headerOf(hash('sha256', text)) + text, `${path}.${process.pid}.new`)
}

function readContent(path: string): Content | undefined {
  try {
    const bytes = readFileSync(path)
    const [, expected] = HEADER.exec(bytes.toString('latin1', 0, HEADER_LENGTH).trimEnd()) ?? []
    const rest = bytes.subarray(HEADER_LENGTH)
    // Whatever happened to the file: a wrong hash in it would be a wrong hit.
    if (expected === undefined || hash('sha256', rest) !== expected) return undefined
    return JSON.parse(rest.toString()) as Content
  } catch {
    return undefined
  }
}

function headerOf(checksum: string): string {
  return `devshm file facts 1 ${checksum.padEnd(64)}\n`
}
