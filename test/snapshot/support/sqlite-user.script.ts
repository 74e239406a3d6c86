import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'

/** Reads the shop's goods, or writes numbers that nobody else writes, until told to stop; see `sqlite-users.ts`. */
const [path = '', what = ''] = process.argv.slice(2)
const SQLITE_BUSY = 5
const noted: number[] = []
const wrong: string[] = []
let isOver = false
let next = what === 'write 1' ? 1 : 2
process.on('message', () => {
  isOver = true
})

/** For half of the time one connection stays open; otherwise each transaction has its own. */
const kept = new DatabaseSync(path, { timeout: 0 })
process.send?.('ready')
for (let turn = 0; !isOver; turn += 1) {
  try {
    using own = turn % 2 === 0 ? undefined : new DatabaseSync(path, { timeout: 0 })
    use(own ?? kept)
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : -1
    if ((code & 0xff) !== SQLITE_BUSY) wrong.push(`${what}: ${String(error)} (${code})`)
  }
  await sleep(3)
}
kept.close()
// Not before it is sent: of a long list the rest would be lost.
process.send?.({ noted, wrong }, undefined, undefined, () => process.disconnect())

function use(connection: DatabaseSync): void {
  if (what === 'read') {
    const states = connection.prepare('select distinct description from catalog_product').all()
    if (states.length !== 1) wrong.push(`a mixture: ${JSON.stringify(states)}`)
    return
  }
  connection.prepare('insert into noted values (?)').run(next)
  noted.push(next)
  next += 2
}
