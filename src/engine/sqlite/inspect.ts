import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { systemCodeOf } from '../../errors.ts'
import type { FileFacts } from '../engine.ts'

const HEADER_BYTES = 100
const MAGIC = Buffer.from('SQLite format 3\0')

/**
 * What is at `path`, judged by SQLite's file header.
 *
 * Opens the file, which would drop this process's own locks on it (POSIX): not to be called while it is connected.
 *
 * @see https://sqlite.org/fileformat.html#the_database_header
 */
export async function inspect(path: string): Promise<FileFacts> {
  const read = readHeader(path)
  if (!('header' in read)) return read
  const { header, bytes } = read
  if (bytes === 0) return { kind: 'empty' }
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) {
    return { kind: 'other', reason: 'is not a SQLite database, or it is an encrypted one' }
  }
  const stored = header.length < HEADER_BYTES ? 0 : header.readUInt16BE(16)
  const pageSize = stored === 1 ? 65_536 : stored
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
    return { kind: 'other', reason: 'has a damaged SQLite header' }
  }
  return { kind: 'database', journalMode: header[18] === 2 ? 'wal' : 'rollback', pageSize, bytes }
}

function readHeader(path: string): FileFacts | { header: Buffer; bytes: number } {
  try {
    // Looked at before it is opened: opening a named pipe would wait for a writer.
    const stats = statSync(path)
    if (stats.isDirectory()) return { kind: 'other', reason: 'is a folder' }
    if (!stats.isFile()) return { kind: 'other', reason: 'is not a regular file' }
    return { header: readStart(path), bytes: stats.size }
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return { kind: 'absent' }
    throw error
  }
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(HEADER_BYTES)
    return buffer.subarray(0, readSync(file, buffer, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(file)
  }
}
