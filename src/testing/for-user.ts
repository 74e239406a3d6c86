import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sqliteEngine } from '../engine/sqlite/index.ts'
import { DevshmError } from '../errors.ts'
import { identityOf, sessionLeader, type ProcessIdentity } from '../process/identity.ts'
import type { ProjectWithSetup } from '../template/open-project.ts'
import { closePoolFolder, poolFolderOf } from '../volume/clone-folder.ts'
import { addLease } from '../volume/leased-folder.ts'
import type { Clone } from './clone.ts'
import { createPool, type CreateOptions } from './create.ts'

/** In the folder of a pool that holds a clone of the user's own. */
const MARK = 'for-user'

/**
 * A clone that outlives this process: it stays until {@link removeClone}, or until a process has ended and nobody has it
 * open any more.
 *
 * @param pid that process (default: the one that leads the session, such as the shell of a terminal)
 * @throws {DevshmError} `USAGE`: there is no such process
 */
export async function cloneForUser(
  project: ProjectWithSetup,
  { pid, ...options }: CreateOptions & { readonly pid: number | undefined },
): Promise<Clone> {
  const maker = pid === undefined ? sessionLeader() : identityOf(pid)
  if (maker === undefined) {
    throw new DevshmError('USAGE', `there is no process ${pid}`, { hint: 'name one that runs, such as --for $$' })
  }
  // Never disposed: that is left to the user, or a sweep. Until all of it is there it is this process's alone, so that
  // nothing stays if that is killed, or fails.
  const pool = await createPool(project, options)
  const clone = await pool.clone()
  const { ram, disk } = pool.handle
  const folders = 'refusal' in ram ? [disk] : [ram.folder, disk]
  for (const folder of folders) {
    if (poolFolderOf(clone.path) !== folder) await closePoolFolder(folder)
    else handOver(clone, folder, maker)
  }
  return clone
}

function handOver({ path }: Clone, pool: string, maker: ProcessIdentity): void {
  writeFileSync(join(pool, MARK), '', { mode: 0o600 })
  const worker = dirname(dirname(path))
  for (const folder of [worker, pool]) addLease(folder, maker)
}

/**
 * Remove a clone that {@link cloneForUser} made, with all of its databases.
 *
 * @throws {DevshmError} `USAGE`: the path is of no such clone; `IN_USE`: somebody has it open
 */
export async function removeClone(path: string): Promise<void> {
  const folder = poolFolderOf(path)
  if (folder === undefined || !existsSync(join(folder, MARK))) {
    throw new DevshmError('USAGE', `${path} is not a clone that devshm clone has made`, {
      hint: 'give the path as it was printed; it may have been removed already',
      details: { path },
    })
  }
  const openers = await sqliteEngine.findOpeners(path, { includeSelf: true })
  await closePoolFolder(folder)
  if (!existsSync(dirname(path))) return
  throw new DevshmError(
    'IN_USE',
    `${path} is open in ${openers.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ')}`,
    {
      hint: 'close it there; it then goes with the next clone that is made, or call this again',
      details: { path, openers },
    },
  )
}
