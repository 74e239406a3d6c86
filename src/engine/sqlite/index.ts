import { lookThrough, inodeOf } from '../../fs/look.ts'
import { findOpeners } from '../../process/open-files.ts'
import type { CommitWatch, Engine, JournalMode } from '../engine.ts'
import { isBusy, untilNotBusy } from './busy.ts'
import { connect, numberOf, valueOf } from './connection.ts'
import { haveSameContent } from './content.ts'
import { inspect } from './inspect.ts'
import { canHaveExclusively, lockWriters } from './lock.ts'
import { keepLogShort } from './log-keeper.ts'
import { pin } from './pin.ts'
import { verify } from './verify.ts'

/** SQLite, through Node's own `node:sqlite`. */
export const sqliteEngine: Engine = {
  name: 'sqlite',
  inspect,
  sidecarsOf: (path) => [`${path}-wal`, `${path}-shm`, `${path}-journal`],
  findOpeners: async (path, options) => {
    // Every connection has the main file open, whatever else it has.
    const stats = lookThrough(path)
    return stats === undefined ? [] : await findOpeners(new Set([inodeOf(stats)]), options)
  },
  lockWriters,
  canHaveExclusively: async (path) => canHaveExclusively(path),
  watchCommits,
  pin,
  // What `devshm run` does not need is loaded only when it is needed.
  overwrite: async (path, from, options) => {
    const { overwrite } = await import('./overwrite/overwrite.ts')
    return await overwrite(path, from, options)
  },
  verify,
  haveSameContent,
  compareRebuilt: async (cached, fresh, leftOut) => {
    const { compareRebuilt } = await import('./rebuilt/compare-rebuilt.ts')
    return await compareRebuilt(cached, fresh, leftOut)
  },
  diff: async (a, b, options) => {
    const { diff } = await import('./diff/index.ts')
    return await diff(a, b, options)
  },
  setJournalMode,
  keepLogShort,
  timeCommits: async (path, options) => {
    const { timeCommits } = await import('./time-commits.ts')
    return await timeCommits(path, options)
  },
}

async function setJournalMode(path: string, mode: JournalMode): Promise<void> {
  const connection = connect(path, 'read-write')
  try {
    const wanted = mode === 'wal' ? 'wal' : 'delete'
    const actual = await untilNotBusy(path, () => valueOf(connection, `pragma journal_mode = ${wanted}`))
    if (actual !== wanted)
      throw new Error(`the journal mode of ${path} is ${String(actual)} and cannot be set to ${wanted}`)
  } finally {
    connection.close()
  }
}

/**
 * `data_version` changes with every commit of another connection, in every journal mode. While somebody commits, it cannot
 * be read.
 */
function watchCommits(path: string): CommitWatch {
  const connection = connect(path, 'read-write')
  const version = (): number | undefined => {
    try {
      return numberOf(connection, 'pragma data_version')
    } catch (error) {
      if (isBusy(error)) return undefined
      throw error
    }
  }
  const before = version()
  return {
    sawCommit: () => before === undefined || version() !== before,
    [Symbol.dispose]: () => {
      if (connection.isOpen) connection.close()
    },
  }
}
