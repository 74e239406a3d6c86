import { dirname } from 'node:path'
import { DevshmError } from '../../../errors.ts'
import { requireSpace } from '../../../fs/space.ts'
import { syncDirectory } from '../../../fs/sync.ts'
import { inodeBehind, inodeOf, lookThrough, type Inode } from '../../../fs/look.ts'
import { findOpeners } from '../../../process/open-files.ts'
import type { OverwriteOptions } from '../../engine.ts'
import { sqliteCodeOf, untilNotBusy } from '../busy.ts'
import { connect, numberOf, valueOf, type Connection } from '../connection.ts'
import { intoEmpty } from './into-empty.ts'
import { intoLogged } from './into-logged.ts'
import { intoLocked } from './into-locked.ts'
import type { Outcome } from './outcome.ts'
import { prepareSource } from './prepare-source.ts'

/** For what a journal and a log have besides pages, in bytes. */
const MARGIN_BYTES = 1_000_000

const SQLITE_FULL = 13

/**
 * See {@link Engine.overwrite}. How the old state is kept from changing between `before` and its end depends on the
 * journal mode: see `into-locked.ts`, `into-logged.ts` and `into-empty.ts`.
 */
export async function overwrite(
  path: string,
  from: string,
  options: OverwriteOptions,
): Promise<'overwritten' | 'left'> {
  // Looked at before any connection: opening a file and closing it would drop the locks of a connection to it.
  const inode = lookThrough(path)
  try {
    for (;;) {
      const outcome = await tryOnce(path, from, options)
      // With a rollback journal the transaction is over when that is gone, which SQLite does not force to the disk.
      if (outcome === 'overwritten') await syncDirectory(dirname(path))
      if (outcome !== 'try again') return outcome
    }
  } catch (error) {
    if (sqliteCodeOf(error) === SQLITE_FULL) throw noSpace(path, error)
    if (!(error instanceof DevshmError) || error.code !== 'BUSY' || inode === undefined) throw error
    throw await namingOpeners(error, inodeOf(inode))
  }
}

async function tryOnce(path: string, from: string, options: OverwriteOptions): Promise<Outcome> {
  using resources = new DisposableStack()
  const inode = inodeBehind(path)
  const guard = resources.adopt(connect(path, 'read-write'), (connection) => connection.close())
  const mode = await untilNotBusy(path, () => valueOf(guard, 'pragma journal_mode'), options)
  const oldBytes = await untilNotBusy(path, () => bytesOf(guard), options)
  const isLogged = mode === 'wal'
  const isEmpty = oldBytes === 0
  const pageSize = numberOf(guard, 'pragma page_size')
  const prepared = await prepareSource(from, {
    isLogged,
    isCheckedInBetween: isLogged || isEmpty,
    pageSize,
    stageIn: options.stageIn,
  })
  resources.defer(prepared.remove)
  const source = resources.adopt(connect(prepared.path, 'private'), (connection) => connection.close())
  const newBytes = bytesOf(source)
  // The pages that are new in the file, and the journal of the old ones or the log of the new ones.
  const needed = Math.max(0, newBytes - oldBytes) + (isLogged ? newBytes : oldBytes) + MARGIN_BYTES
  const requireRoom = (): Promise<void> => requireSpace(dirname(path), needed, `overwriting ${path} with its journal`)
  await requireRoom()
  const before: OverwriteOptions['before'] = async (old) => {
    const answer = await options.before(old)
    // What is kept may have been written to the same disk.
    if (answer === 'go on') await requireRoom()
    return answer
  }
  const overwriting = { path, inode, guard, from: prepared.path, source, options: { ...options, before } }
  if (isLogged) return await intoLogged(overwriting)
  return isEmpty ? await intoEmpty(overwriting) : await intoLocked(overwriting)
}

async function namingOpeners(error: DevshmError, inode: Inode): Promise<DevshmError> {
  const openers = await findOpeners(new Set([inode]))
  if (openers.length === 0) return error
  const names = openers.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ')
  return new DevshmError('BUSY', `${error.message}; it is open in ${names}`, {
    hint: error.hint,
    cause: error.cause,
    details: { ...error.details, openers },
  })
}

function noSpace(path: string, cause: unknown): DevshmError {
  return new DevshmError('NO_SPACE', `there was no room left for ${path} and its journal; it is as it was before`, {
    hint: 'free some space there and try again',
    cause,
    details: { path },
  })
}

function bytesOf(connection: Connection): number {
  return numberOf(connection, 'pragma page_count') * numberOf(connection, 'pragma page_size')
}
