import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** Only for tests: commits one number after the other, many in a row and then none for a moment, and tells them when it is told to stop. */
const connection = new DatabaseSync(process.argv[2] ?? '', { timeout: 0 })
const SQLITE_BUSY = 5
const committed: number[] = []
let isOver = false
process.once('message', () => {
  isOver = true
})
process.send?.('ready')
for (let next = 1; !isOver;) {
  for (let turn = 0; turn < 50; turn += 1) {
    try {
      connection.exec(`insert into numbers (n) values (${next})`)
      committed.push(next)
      next += 1
    } catch (error) {
      const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
      if (code !== SQLITE_BUSY) throw error
    }
  }
  await sleep(1)
}
connection.close()
// Not before it is sent: of a long list the rest would be lost.
process.send?.(committed, undefined, undefined, () => process.disconnect())
