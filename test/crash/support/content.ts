import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, lstatSync, mkdtempDisposableSync, readlinkSync } from 'node:fs'
import { join, resolve, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What a database holds, in one word: equal for equal schemas and rows. `absent` is a state too. */
export type Content = 'absent' | `dangling` | `damaged: ${string}` | `rows ${string}`

/**
 * What the path of a database leads to, as any SQLite program would find it now, with what is left to be recovered. Looks
 * at a copy, so that it recovers nothing itself.
 */
export function contentOf(path: string): Content {
  const link = lstatSync(path, { throwIfNoEntry: false })
  if (link === undefined) return 'absent'
  const real = link.isSymbolicLink() ? resolve(dirname(path), readlinkSync(path)) : path
  if (!existsSync(real)) return 'dangling'
  using folder = mkdtempDisposableSync('/dev/shm/devshm-look-')
  const copy = join(folder.path, 'copy.sqlite3')
  for (const end of ['', '-journal', '-wal']) if (existsSync(real + end)) copyFileSync(real + end, copy + end)
  try {
    return read(copy)
  } catch (error) {
    return `damaged: ${String(error)}`
  }
}

function read(path: string): Content {
  const database = new DatabaseSync(path)
  try {
    const check = database.prepare('pragma integrity_check').all()
    if (check.length !== 1 || check[0]?.['integrity_check'] !== 'ok') return `damaged: ${JSON.stringify(check)}`
    const digest = createHash('sha256')
    const schema = database.prepare('select name, type, sql from sqlite_schema order by type, name').all()
    digest.update(JSON.stringify(schema))
    for (const { name, type } of schema) {
      if (type !== 'table') continue
      const quoted = `"${String(name).replaceAll('"', '""')}"`
      const statement = database.prepare(`select * from ${quoted} order by rowid`)
      for (const row of statement.iterate()) {
        for (const [column, value] of Object.entries(row)) {
          digest.update(column)
          digest.update(ArrayBuffer.isView(value) ? value : `${typeof value} ${String(value)}`)
        }
      }
    }
    return `rows ${digest.digest('hex').slice(0, 12)}`
  } finally {
    database.close()
  }
}
