import { DatabaseSync } from 'node:sqlite'

/**
 * Opens and reads a database as often as it can until told to stop, and then says how often it could and what it saw
 * that must never be seen.
 */
const SQLITE_BUSY = 5
/**
 * SQLite reads the link first and opens its target, and what lies beside that, afterwards. When a detach comes in
 * between, the folder is gone: an error as clean as that of a busy database, and nothing was created.
 */
const FOLDER_IS_GONE = [14 /* CANTOPEN */, 1802 /* IOERR_FSTAT, of a log's database */]
const path = process.argv[2] ?? ''
const wanted = Number(process.argv[3])
const wrong: string[] = []
let reads = 0
let isOver = false
process.on('message', () => {
  isOver = true
})
process.send?.('ready')
while (!isOver) {
  for (let number = 0; number < 10; number += 1) readOnce()
  // A gap now and then, for devshm to find the database closed.
  await new Promise((resolve) => setTimeout(resolve, 2))
}
process.send?.({ reads, wrong }, undefined, undefined, () => process.disconnect())

function readOnce(): void {
  try {
    using connection = new DatabaseSync(path, { timeout: 0 })
    const row = connection.prepare('select count(*) as rows from item').get()
    if (row?.['rows'] === wanted) reads += 1
    else wrong.push(`${String(row?.['rows'])} rows`)
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
    if ((code & 0xff) === SQLITE_BUSY || FOLDER_IS_GONE.includes(code)) return
    wrong.push(`${String(error)} (${code})`)
  }
}
