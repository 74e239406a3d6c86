import { statSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'

/** How often to look where the system cannot tell of changes, and in case it forgets to, in milliseconds. */
const LOOK_EVERY_MS = 300

export interface WriteWatch extends Disposable {
  /** Call back once, at the next write to the database or its log by anybody. */
  wait(): void
}

/**
 * Tell of the first write to a database after each {@link WriteWatch.wait}. The system's notification wakes within a
 * millisecond and costs nothing while nobody writes; looking at the files' times now and then covers what it cannot see
 * (too many watches in use, a folder that was renamed).
 */
export function watchForWrites(path: string, onWrite: () => void): WriteWatch {
  const names = new Set([basename(path), `${basename(path)}-wal`])
  let watcher: FSWatcher | undefined
  let timer: NodeJS.Timeout | undefined

  const stop = (): void => {
    watcher?.close()
    watcher = undefined
    clearInterval(timer)
    timer = undefined
  }
  const tell = (): void => {
    stop()
    onWrite()
  }
  return {
    wait: () => {
      stop()
      const seen = stampOf(path)
      watcher = startWatching(dirname(path), (name) => {
        if (names.has(name)) tell()
      })
      timer = setInterval(() => {
        if (stampOf(path) !== seen) tell()
      }, LOOK_EVERY_MS).unref()
    },
    [Symbol.dispose]: stop,
  }
}

function startWatching(folder: string, onChange: (name: string) => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name !== null) onChange(name)
    })
    watcher.on('error', () => {
      // The folder went away, or the system gave up: the looks go on.
      watcher.close()
    })
    return watcher
  } catch {
    // No more watches to be had, or no folder: the looks are enough.
    return undefined
  }
}

/** Changes with every commit, except a second one within the same tick of the clock that stamps files. */
function stampOf(path: string): string {
  return [path, `${path}-wal`]
    .map((file) => {
      const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
      return stats === undefined ? 'none' : `${stats.size} ${stats.mtimeNs}`
    })
    .join(' ')
}
