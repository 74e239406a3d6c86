import { lookThrough } from '../../../fs/look.ts'
import { untilNotBusy } from '../busy.ts'
import { backup, numberOf } from '../connection.ts'
import { pin } from '../pin.ts'
import { inBytes, type Overwriting } from './into-locked.ts'
import type { Outcome } from './outcome.ts'

/** Fits into a connection's cache: until the first step is over, the file itself is not written to. */
const FIRST_STEP_BYTES = 1_000_000

class NotEmptyAnyMore extends Error {}

/**
 * Into a file without a single page. There is nothing to keep, only nothing to overlook: the file's size tells, once the
 * copy has its lock. A guard, as for other databases, would have a journal of its own here, because SQLite writes the
 * first page of an empty database as soon as it is locked.
 */
export async function intoEmpty({ path, source, options }: Overwriting): Promise<Outcome> {
  {
    using old = await pin(path, options)
    if (old.pageCount > 0) return 'try again'
    if ((await options.before(old)) === 'leave it') return 'left'
  }
  const tell = inBytes(source, options.onProgress)
  const pages = Math.floor(FIRST_STEP_BYTES / numberOf(source, 'pragma page_size'))
  const rate = Math.max(1, Math.min(pages, numberOf(source, 'pragma page_count') - 1))
  const copy = async (): Promise<void> => {
    let isFirst = true
    await backup(source, path, {
      rate,
      onProgress: (done, total) => {
        // By `stat`: opening the file and closing it would drop the lock.
        if (isFirst && lookThrough(path)?.size !== 0n) throw new NotEmptyAnyMore()
        isFirst = false
        tell?.(done, total)
      },
    })
  }
  try {
    await untilNotBusy(path, copy, options)
    return 'overwritten'
  } catch (error) {
    if (error instanceof NotEmptyAnyMore) return 'try again'
    throw error
  }
}
