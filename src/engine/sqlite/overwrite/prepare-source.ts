import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { chmod, constants, copyFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DevshmError } from '../../../errors.ts'
import { requireSpace } from '../../../fs/space.ts'
import { connect, type Connection } from '../connection.ts'
import { inspect } from '../inspect.ts'

export interface Destination {
  readonly isLogged: boolean
  /** Whether the copy has to be made in two steps or more, so that it can be stopped before it is committed. */
  readonly isCheckedInBetween: boolean
  readonly pageSize: number
  readonly stageIn: string
}

export interface PreparedSource {
  readonly path: string
  /** Remove what was made for it. */
  readonly remove: () => void
}

/**
 * The new content in a form that the destination takes without changing its own: a log's destination keeps its page
 * size, so the pages must have it; one with a rollback journal would become a log's by a log's first page. What has to be
 * changed is a private copy.
 */
export async function prepareSource(from: string, destination: Destination): Promise<PreparedSource> {
  const { isLogged, isCheckedInBetween, pageSize, stageIn } = destination
  const source = await factsOf(from)
  const mustBePaged = isLogged && source.pageSize !== pageSize
  const mustBePadded = isCheckedInBetween && source.pageCount < 2
  if (!mustBePaged && !mustBePadded && !(source.isLogged && !isLogged)) return { path: from, remove: () => undefined }
  const path = join(stageIn, `overwrite-${randomUUID()}.sqlite3`)
  const plain = `${path}.plain`
  const removeAll = (...paths: string[]): void => {
    for (const each of paths.flatMap(withSidecars)) rmSync(each, { force: true })
  }
  try {
    const bytes = source.pageCount * source.pageSize
    await requireSpace(stageIn, mustBePaged ? 3 * bytes : bytes, 'preparing the new content of a database')
    await copyFile(from, plain, constants.COPYFILE_FICLONE)
    await chmod(plain, 0o600)
    change(plain, (connection) => {
      connection.exec('pragma journal_mode = delete')
      if (mustBePaged) withPages(connection, path, pageSize)
    })
    if (!mustBePaged) await rename(plain, path)
    // A free page: a copy of one page alone would be committed before anybody could say stop.
    change(path, (connection) => {
      if (mustBePadded) connection.exec('create table devshm_padding (x); drop table devshm_padding')
    })
    removeAll(plain)
    return { path, remove: () => removeAll(path) }
  } catch (error) {
    removeAll(plain, path)
    throw error
  }
}

function withSidecars(path: string): string[] {
  return ['', '-journal', '-wal', '-shm'].map((suffix) => `${path}${suffix}`)
}

async function factsOf(path: string): Promise<{ isLogged: boolean; pageSize: number; pageCount: number }> {
  // Private and closed, so its header may be read as it is.
  const facts = await inspect(path)
  if (facts.kind === 'database') {
    const { journalMode, pageSize, bytes } = facts
    return { isLogged: journalMode === 'wal', pageSize, pageCount: Math.floor(bytes / pageSize) }
  }
  if (facts.kind === 'empty') return { isLogged: false, pageSize: 4096, pageCount: 0 }
  throw new DevshmError(
    'DATABASE_UNUSABLE',
    `${path} is no database: ${facts.kind === 'other' ? facts.reason : 'absent'}`,
    {
      hint: 'name another one',
      details: { path },
    },
  )
}

/** `vacuum into`, unlike `vacuum`, keeps the numbers of rows. It takes the page size from a connection that may write. */
function withPages(connection: Connection, to: string, pageSize: number): void {
  connection.exec(`pragma page_size = ${pageSize}`)
  connection.prepare('vacuum into ?').run(to)
}

function change(path: string, action: (connection: Connection) => void): void {
  const connection = connect(path, 'create')
  try {
    action(connection)
  } finally {
    connection.close()
  }
}
