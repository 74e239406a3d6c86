import { accessSync, constants, openSync, readSync, closeSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../errors.ts'
import { lookThrough } from '../fs/look.ts'
import { writeFileInOneStep } from '../fs/replace.ts'
import { systemFailure } from '../fs/system-failure.ts'
import { GENERATOR } from './page.ts'

const HEAD_BYTES = 1024
const DATABASE = 'SQLite format 3\0'

/**
 * Make sure, before anything is measured, that a page can be written: there is a folder for it, and nothing in its place
 * but an earlier page, or what may be replaced.
 *
 * @param force replace any file but a database
 * @throws {UsageError} nothing was changed
 */
export function requirePlaceForPage(path: string, { force }: { readonly force: boolean }): void {
  const folder = dirname(path)
  if (lookThrough(folder)?.isDirectory() !== true) {
    throw new UsageError(`there is no folder ${folder} for the page`, { hint: 'make it, or name another with --html' })
  }
  const stats = lookThrough(path)
  if (stats !== undefined && !stats.isFile()) {
    throw new UsageError(`${path} is no file that a page could replace`, { hint: 'name another with --html' })
  }
  const head = stats === undefined ? undefined : headOf(path)
  if (head?.startsWith(DATABASE) === true) {
    throw new UsageError(`${path} is a database, and is not replaced by a page`, { hint: 'name another with --html' })
  }
  if (head !== undefined && head !== '' && !head.includes(GENERATOR) && !force) {
    throw new UsageError(`${path} is there already, and no page of devshm bench`, {
      hint: 'name another with --html, or replace it with --force',
    })
  }
  try {
    accessSync(stats === undefined ? folder : path, constants.W_OK)
  } catch (error) {
    throw new UsageError(`${path} cannot be written`, { hint: 'name another with --html', cause: error })
  }
}

/** In one step; permissions are those of any new file. A link stays one. */
export async function writePage(path: string, page: string): Promise<void> {
  const file = lookThrough(path) === undefined ? path : realpathSync(path)
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}`)
  try {
    await writeFileInOneStep(file, page, temporary, 'usual')
  } catch (error) {
    throw systemFailure(error, `cannot write ${path}`) ?? error
  }
}

function headOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(HEAD_BYTES)
    return bytes.toString('latin1', 0, readSync(file, bytes))
  } finally {
    closeSync(file)
  }
}
