import { setTimeout as sleep } from 'node:timers/promises'
import { inodeBehind } from '../../../fs/look.ts'
import { isBusy, untilNotBusy } from '../busy.ts'
import { backup, connect, numberOf, valueOf, type Connection } from '../connection.ts'
import { pin } from '../pin.ts'
import { holdCopy } from './held-copy.ts'
import type { Outcome } from './outcome.ts'
import { inBytes, PAGES_PER_STEP, type Overwriting } from './into-locked.ts'

const DEFAULT_TIMEOUT_MS = 5_000
const PAUSE_MS = 5

/** How long to wait for readers before the log is left to be shortened later, in milliseconds. */
const SHORTEN_WITHIN_MS = 200

/** Somebody put another file at the path, of which nothing is kept. */
class ReplacedMeanwhile extends Error {}

/** Somebody committed after the last state was kept, and before the copy had its lock. */
class CommittedMeanwhile extends Error {}

/**
 * Into a database with a write-ahead log. Readers go on. Nobody waits while the state is kept; should somebody commit
 * before the copy has its lock, that is seen at the copy's first step, from which on nobody else can. It is taken back
 * then, and a copy that can wait gets the lock first, and goes on when the last state is kept.
 */
export async function intoLogged(overwriting: Overwriting): Promise<Outcome> {
  const { path, guard, options } = overwriting
  // Stays open, so that the log is not set up anew for each connection.
  const watch = connect(path, 'read-write')
  try {
    const version = await versionOf(path, watch, options)
    if ((await keep(overwriting)) === 'leave it') return 'left'
    try {
      await copyIfUnchanged(overwriting, watch, version)
    } catch (error) {
      if (!(error instanceof CommittedMeanwhile) && !isBusy(error)) throw error
      if ((await copyHolding(overwriting, watch, version)) === 'left') return 'left'
    }
    await shortenLog(guard)
    return 'overwritten'
  } catch (error) {
    if (error instanceof ReplacedMeanwhile) return 'try again'
    throw error
  } finally {
    watch.close()
  }
}

async function keep({ path, options }: Overwriting): Promise<'go on' | 'leave it'> {
  using state = await pin(path, options)
  return await options.before(state)
}

async function copyIfUnchanged(
  { path, inode, source, options }: Overwriting,
  watch: Connection,
  version: number,
): Promise<void> {
  const tell = inBytes(source, options.onProgress)
  let isFirst = true
  await backup(source, path, {
    rate: rateOf(source),
    onProgress: (done, total) => {
      if (isFirst && inodeBehind(path) !== inode) throw new ReplacedMeanwhile()
      if (isFirst && numberOf(watch, 'pragma data_version') !== version) throw new CommittedMeanwhile()
      isFirst = false
      tell?.(done, total)
    },
  })
}

async function copyHolding(
  overwriting: Overwriting,
  watch: Connection,
  version: number,
): Promise<'overwritten' | 'left'> {
  const { path, inode, from, source, options } = overwriting
  const orders = { from, to: path, rate: rateOf(source), timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS }
  await using copy = await holdCopy(orders, inBytes(source, options.onProgress))
  if (inodeBehind(path) !== inode) throw new ReplacedMeanwhile()
  const isChanged = (await versionOf(path, watch, options)) !== version
  if (isChanged && (await keep(overwriting)) === 'leave it') return 'left'
  await copy.go()
  return 'overwritten'
}

/** At least two steps, so that there is a moment between the lock and the commit. */
function rateOf(source: Connection): number {
  return Math.max(1, Math.min(PAGES_PER_STEP, numberOf(source, 'pragma page_count') - 1))
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
