import { chmodSync, closeSync, openSync, truncateSync } from 'node:fs'
import { DevshmError } from '../../errors.ts'
import { tryToClone } from '../../fs/clone.ts'
import { lookAt } from '../../fs/look.ts'
import { removeFile } from '../../fs/remove.ts'
import type { PinnedDatabase, WaitOptions } from '../engine.ts'
import { untilNotBusy } from './busy.ts'
import { backup, connect, numberOf, valueOf, type Connection } from './connection.ts'

/** Pages a step of a copy: large enough for memory speed, small enough that an interrupted copy ends soon. */
const PAGES_PER_STEP = 16_384

/**
 * Open a read transaction and keep it: {@link PinnedDatabase}.
 *
 * Without it, a backup in steps starts over whenever somebody commits, and under a steady writer never ends.
 */
export async function pin(path: string, options?: WaitOptions): Promise<PinnedDatabase> {
  const source = connect(path, 'read-write')
  try {
    await untilNotBusy(path, () => beginRead(source), options)
    return {
      ...pinnedOn(source),
      [Symbol.dispose]: () => {
        if (source.isOpen) source.close()
      },
    }
  } catch (error) {
    source.close()
    throw error
  }
}

/** The state that a connection reads, which must not change while this is used. The connection stays open. */
export function pinnedOn(source: Connection): Omit<PinnedDatabase, typeof Symbol.dispose> {
  const pageCount = numberOf(source, 'pragma page_count')
  const pageSize = numberOf(source, 'pragma page_size')
  return {
    pageCount,
    pageSize,
    bytes: pageCount * pageSize,
    journalMode: valueOf(source, 'pragma journal_mode') === 'wal' ? 'wal' : 'rollback',
    copyTo: async (to, mode, { onProgress } = {}) => {
      const inBytes = onProgress && ((done: number, total: number) => onProgress(done * pageSize, total * pageSize))
      await copyPinned(source, pageCount, to, mode, inBytes)
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

async function copyPinned(
  source: Connection,
  pageCount: number,
  to: string,
  mode: number,
  onProgress: ((done: number, total: number) => void) | undefined,
): Promise<void> {
  // Created first, so that the content never has other permissions than the right ones (chmod: the umask has no say).
  closeSync(openSync(to, 'wx', 0o600))
  try {
    chmodSync(to, mode)
    if (pageCount === 0) return
    if (!(await cloneRollback(source, pageCount, to))) {
      await untilNotBusy(to, async () => {
        await backup(source, to, { rate: PAGES_PER_STEP, onProgress })
      })
    }
    await requirePages(to, pageCount)
  } catch (error) {
    await removeFile(to)
    throw error
  }
}

/**
 * Without a log, the file itself is the state that is read: whoever wants to write to it waits until nobody reads. So
 * where the disk can, it is cloned instead of copied.
 */
async function cloneRollback(source: Connection, pageCount: number, to: string): Promise<boolean> {
  const from = source.location()
  if (from === null || valueOf(source, 'pragma journal_mode') === 'wal') return false
  if (!(await tryToClone(from, to))) return false
  // A crash may have left more at its end than belongs to it.
  if (lookAt(to)?.size === BigInt(pageCount * numberOf(source, 'pragma page_size'))) return true
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
