import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, constants, copyFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { requireSpace } from '../fs/space.ts'
import { syncDirectory, syncFile } from '../fs/sync.ts'
import { lookThrough } from '../fs/look.ts'
import type { Context } from '../session/context.ts'
import { moveStraySidecarsAside } from '../session/stray-sidecars.ts'

/**
 * Make a database where there is none: copied, checked, synced, and then given its name, with the permissions that the
 * app would have given it. A file that the app creates in the same moment is not replaced.
 */
export async function createOrigin(context: Context, from: string): Promise<void> {
  const { engine, places } = context
  const copy = join(places.unfinished, 'origin.sqlite3')
  await requireSpace(places.unfinished, Number(lookThrough(from)?.size ?? 0n), `creating ${places.origin}`)
  rmSync(copy, { force: true })
  try {
    // The copy has the permissions of what was copied; the umask decides about those of a new file.
    writeFileSync(copy, '', { flag: 'wx', mode: 0o666 })
    const { mode } = await stat(copy)
    await copyFile(from, copy, constants.COPYFILE_FICLONE)
    await chmod(copy, mode & 0o777)
    if (!(await engine.haveSameContent(copy, from, { ignoreJournalMode: true }))) throw damaged(copy)
    await syncFile(copy)
    await moveStraySidecarsAside(context)
    linkSync(copy, places.origin)
    await syncDirectory(dirname(places.origin))
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
    throw new DevshmError('IN_USE', `${places.origin} was created while devshm was about to`, {
      hint: 'wait for the program that created it, and try again',
      cause: error,
      details: { path: places.origin },
    })
  } finally {
    rmSync(copy, { force: true })
  }
}

function damaged(path: string): DevshmError {
  return new DevshmError('COPY_DAMAGED', `the copy ${path} differs from what was copied`, {
    hint: 'check the disk and its free space, and try again',
    details: { path },
  })
}
