import { setTimeout as sleep } from 'node:timers/promises'
import { busyFor, isBusy, untilNotBusy } from '../busy.ts'
import { backup, connect, numberOf, valueOf, type Connection } from '../connection.ts'
import { pin } from '../pin.ts'
import { inBytes, PAGES_PER_STEP, type Overwriting } from './into-locked.ts'

const DEFAULT_TIMEOUT_MS = 5_000
const PAUSE_MS = 5

/** How long to wait for readers before the log is left to be shortened later, in milliseconds. */
const SHORTEN_WITHIN_MS = 200

/** Somebody committed after the last state was kept, and before the copy had its lock. */
class CommittedMeanwhile extends Error {}

/**
 * Into a database with a write-ahead log. Readers go on. The guard keeps writers out while it is made sure that what was
 * kept is the last state; then it must let go, because a backup takes the lock by a connection of its own. Should
 * somebody commit in between, that is seen at the copy's first step, from which on nobody else can: it is taken back, and
 * all is done again.
 */
export async function intoLogged(overwriting: Overwriting): Promise<'overwritten' | 'left'> {
  const { path, guard, options } = overwriting
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const deadline = performance.now() + timeoutMs
  // Stays open, so that the log is not set up anew for each connection.
  const watch = connect(path, 'read-write')
  try {
    for (;;) {
      const kept = await keepLastState(overwriting, watch)
      if (kept === 'leave it') return 'left'
      try {
        await copyIfUnchanged(overwriting, watch, kept.version)
        await shortenLog(guard)
        return 'overwritten'
      } catch (error) {
        if (!(error instanceof CommittedMeanwhile) && !isBusy(error)) throw error
        if (performance.now() > deadline) throw busyFor(path, timeoutMs, error)
      }
      await sleep(PAUSE_MS)
    }
  } finally {
    watch.close()
  }
}

async function keepLastState(
  { path, guard, options }: Overwriting,
  watch: Connection,
): Promise<'leave it' | { version: number }> {
  const version = await versionOf(path, watch, options)
  {
    using old = await pin(path, options)
    if ((await options.before(old)) === 'leave it') return 'leave it'
  }
  await untilNotBusy(path, () => guard.exec('begin immediate'), options)
  try {
    const now = await versionOf(path, watch, options)
    if (now === version) return { version }
    using last = await pin(path, options)
    return (await options.before(last)) === 'leave it' ? 'leave it' : { version: now }
  } finally {
    guard.exec('rollback')
  }
}

async function copyIfUnchanged(
  { path, source, options }: Overwriting,
  watch: Connection,
  version: number,
): Promise<void> {
  const tell = inBytes(source, options.onProgress)
  let isFirst = true
  // At least two steps, so that there is a moment between the lock and the commit.
  const rate = Math.max(1, Math.min(PAGES_PER_STEP, numberOf(source, 'pragma page_count') - 1))
  await backup(source, path, {
    rate,
    onProgress: (done, total) => {
      if (isFirst && numberOf(watch, 'pragma data_version') !== version) throw new CommittedMeanwhile()
      isFirst = false
      tell?.(done, total)
    },
  })
}

async function versionOf(path: string, watch: Connection, options: Overwriting['options']): Promise<number> {
  return await untilNotBusy(path, () => numberOf(watch, 'pragma data_version'), options)
}

/**
 * The log holds all of the new content: bring it into the file, so that it takes no room twice. The content is committed
 * by now, so nothing that goes wrong here may look as if it were not: then the log stays, for a later checkpoint.
 */
async function shortenLog(guard: Connection): Promise<void> {
  const deadline = performance.now() + SHORTEN_WITHIN_MS
  try {
    while (valueOf(guard, 'pragma wal_checkpoint(truncate)') !== 0 && performance.now() < deadline)
      await sleep(PAUSE_MS)
  } catch {
    // Such as a disk that has become full meanwhile: whoever writes next is told.
  }
}
