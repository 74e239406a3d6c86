import { resolve } from 'node:path'
import type { FileFacts } from '../engine/engine.ts'
import { DevshmError, systemCodeOf } from '../errors.ts'
import type { Context } from '../session/context.ts'
import { findSnapshot, noSnapshot } from './names.ts'

export interface Reference {
  readonly label: string
  readonly path: string
  readonly kind: 'snapshot' | 'file'
}

/**
 * What the user means by a NAME or FILE: a snapshot of this database of that name, else a database file, relative to
 * `cwd`. To mean a file that has the name of a snapshot, write `./FILE`.
 *
 * @throws {DevshmError} `NO_SNAPSHOT`: neither; `DATABASE_UNUSABLE`: the file is no database
 */
export async function resolveReference(context: Context, cwd: string, text: string): Promise<Reference> {
  const { places } = context
  const snapshot = findSnapshot(places, text)
  if (snapshot !== undefined) return { label: snapshot.name, path: snapshot.path, kind: 'snapshot' }
  const path = resolve(cwd, text)
  if (text === '' || text.startsWith('@')) throw noSnapshot(text, places, { orFile: !text.startsWith('@') })
  const facts = await inspectIfNamed(context, path)
  if (facts.kind === 'database' || facts.kind === 'empty') return { label: text, path, kind: 'file' }
  if (facts.kind !== 'other') throw noSnapshot(text, places, { orFile: !text.startsWith('@') })
  throw new DevshmError('DATABASE_UNUSABLE', `${path} ${facts.reason}`, {
    hint: 'name a snapshot or another database file',
    details: { path },
  })
}

async function inspectIfNamed({ engine }: Context, path: string): Promise<FileFacts> {
  try {
    return await engine.inspect(path)
  } catch (error) {
    // Nothing can have such a name.
    const code = systemCodeOf(error)
    if (code === 'ENAMETOOLONG' || code === 'ENOTDIR') return { kind: 'absent' }
    throw error
  }
}
