import { chmodSync, closeSync, openSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import { DevshmError } from '../../errors.ts'
import { copyElsewhere } from '../../fs/copy-elsewhere.ts'
import { inodeBehind, lookAt, type Inode } from '../../fs/look.ts'
import { removeFile } from '../../fs/remove.ts'
import type { OnProgress, PinnedDatabase, WaitOptions } from '../engine.ts'
import { sqliteCodeOf, untilNotBusy } from './busy.ts'
import { backup, connect, numberOf, valueOf, type Connection } from './connection.ts'

/** Pages a step of a copy: large enough for memory speed, small enough that an interrupted copy ends soon. */
const PAGES_PER_STEP = 16_384

const SQLITE_FULL = 13

/**
 * Open a read transaction and keep it: {@link PinnedDatabase}.
 *
 * Without it, a backup in steps starts over whenever somebody commits, and under a steady writer never ends.
 */
export async function pin(path: string, options?: WaitOptions): Promise<PinnedDatabase> {
  const inode = inodeBehind(path)
  const source = connect(path, 'read-write')
  try {
    await untilNotBusy(path, () => beginRead(source), options)
    return {
      ...pinnedOn(source, inode),
      [Symbol.dispose]: () => {
        if (source.isOpen) source.close()
      },
    }
  } catch (error) {
    source.close()
    throw error
  }
}

/**
 * The state that a connection reads, which must not change while this is used. The connection stays open.
 *
 * @param inode what its path led to before it was opened
 */
export function pinnedOn(source: Connection, inode: Inode | undefined): Omit<PinnedDatabase, typeof Symbol.dispose> {
  const pageCount = numberOf(source, 'pragma page_count')
  const pageSize = numberOf(source, 'pragma page_size')
  return {
    pageCount,
    pageSize,
    bytes: pageCount * pageSize,
    schemaVersion: numberOf(source, 'pragma schema_version'),
    journalMode: valueOf(source, 'pragma journal_mode') === 'wal' ? 'wal' : 'rollback',
    copyTo: async (to, mode, { onProgress } = {}) => {
      await copyPinned({ source, inode, pageCount, pageSize }, to, mode, onProgress)
    },
  }
}

function beginRead(source: Connection): void {
  source.exec('begin')
  try {
    // A transaction starts with its first read, not with `begin`.
    valueOf(source, 'select count(*) from sqlite_schema')
  } catch (error) {
    source.exec('rollback')
    throw error
  }
}

interface Pinned {
  readonly source: Connection
  readonly inode: Inode | undefined
  readonly pageCount: number
  readonly pageSize: number
}

async function copyPinned(pinned: Pinned, to: string, mode: number, onProgress: OnProgress | undefined): Promise<void> {
  const { source, pageCount, pageSize } = pinned
  const journal = `${to}-journal`
  // Of an earlier copy that failed: whoever opens this one would have it rolled back.
  await removeFile(journal)
  // Created first, so that the content never has other permissions than the right ones (chmod: the umask has no say).
  closeSync(openSync(to, 'wx', 0o600))
  try {
    chmodSync(to, mode)
    if (pageCount === 0) return
    if (!(await copyFile(pinned, to, onProgress))) {
      const inBytes = onProgress && ((done: number, total: number) => onProgress(done * pageSize, total * pageSize))
      await untilNotBusy(to, async () => {
        await backup(source, to, { rate: PAGES_PER_STEP, onProgress: inBytes })
      })
    }
    await requirePages(to, pageCount)
  } catch (error) {
    // The file first: alone, a journal says nothing.
    for (const each of [to, journal]) await removeFile(each)
    throw sqliteCodeOf(error) === SQLITE_FULL ? noSpace(to, error) : error
  }
}

function noSpace(to: string, cause: unknown): DevshmError {
  return new DevshmError('NO_SPACE', `there was no room left in ${dirname(to)} for a copy of the database`, {
    hint: 'free some space there and try again; the database itself is untouched',
    cause,
    details: { path: dirname(to) },
  })
}

/**
 * Without a log, the file itself is the state that is read: SQLite changes it only under a lock that it does not give
 * while anybody reads. So a large one is copied by the kernel, or cloned where the disk can, which is several times
 * faster than page by page.
 */
async function copyFile(
  { source, inode, pageCount, pageSize }: Pinned,
  to: string,
  onProgress: OnProgress | undefined,
): Promise<boolean> {
  const from = source.location()
  const bytes = pageCount * pageSize
  if (from === null || valueOf(source, 'pragma journal_mode') === 'wal') return false
  const isCopied = await copyElsewhere(from, to, onProgress && ((done) => onProgress(Math.min(done, bytes), bytes)))
  // A crash may have left more at its end than belongs to it; and its path may lead to another file by now.
  if (isCopied && lookAt(to)?.size === BigInt(bytes) && inode !== undefined && inodeBehind(from) === inode) return true
  truncateSync(to)
  return false
}

/** The backup API promises this; it costs nothing to see it. */
async function requirePages(path: string, expected: number): Promise<void> {
  const copy = connect(path, 'private')
  try {
    const actual = numberOf(copy, 'pragma page_count')
    if (actual === expected) return
    throw new DevshmError('COPY_DAMAGED', `the copy ${path} has ${actual} pages instead of ${expected}`, {
      hint: 'this is a fault of the storage or of devshm; the source is untouched',
      details: { path, actual, expected },
    })
  } finally {
    copy.close()
  }
}
