import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DjangoAnswer } from './ask-django.ts'

const MAY_BECOME_SETTINGS = /\.py$|^\.env/

/**
 * A digest of all that an answer of Django's depends on: the size and time of each file, which other files there are
 * beside them that settings might import or read if they are there (`local.py`, `.env`), and the environment variables
 * that were read. Only the digest is kept, as variables may be secrets.
 */
export function fingerprintOf(answer: DjangoAnswer, folder: string, env: NodeJS.ProcessEnv): string {
  const files = [...new Set([join(folder, 'manage.py'), ...answer.files])].filter((path) => !isDatabase(path, answer))
  const folders = [...new Set([folder, ...files.map((path) => dirname(path))])]
  const facts = {
    files: files.map((path) => [path, stateOf(path)]),
    folders: folders.map((path) => [path, namesIn(path)]),
    variables: answer.variables.map((name) => [name, env[name] ?? null]),
  }
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

/** Settings may open the database itself; its content does not change where it is. */
function isDatabase(path: string, { databases }: DjangoAnswer): boolean {
  const file = basename(path).replace(/-(?:journal|wal|shm)$/, '')
  return databases.some(({ name }) => file === basename(name))
}

/**
 * Whether a file changed after the whole millisecond `time`, when Python was started: nobody knows what it read then.
 * In that millisecond itself Python has not read anything yet.
 */
export function changedSince(answer: DjangoAnswer, time: number): boolean {
  return answer.files.some((path) => Math.floor(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > time)
}

function stateOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? 'absent' : `${stats.size} ${stats.mtimeNs}`
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => MAY_BECOME_SETTINGS.test(name))
      .toSorted()
  } catch {
    return []
  }
}
