import { readFileSync } from 'node:fs'

const PAGE = 4096
const SECTOR = 512
const NONCE = 1234
const MAGIC = Buffer.from('d9d505f920a163d7', 'hex')

/**
 * A rollback journal of a database as a crash leaves it, with the name of a super-journal at its end: having rolled back,
 * SQLite removes that file if no other database needs it. Versions before 3.53 did so whatever the file was.
 *
 * @see https://sqlite.org/fileformat.html#the_rollback_journal
 */
export function journalNaming(database: string, superJournal: string): Buffer {
  const content = readFileSync(database)
  const header = Buffer.alloc(SECTOR)
  MAGIC.copy(header)
  for (const [index, word] of [1, NONCE, content.length / PAGE, SECTOR, PAGE].entries()) {
    header.writeUInt32BE(word, 8 + 4 * index)
  }
  const page = content.subarray(0, PAGE)
  let checksum = NONCE
  for (let at = PAGE - 200; at > 0; at -= 200) checksum += page[at] ?? 0
  const name = Buffer.from(superJournal)
  const sum = name.reduce((total, byte) => total + (byte < 0x80 ? byte : byte - 0x100), 0)
  return Buffer.concat([
    header,
    word(1),
    page,
    word(checksum),
    word(0x4000_0000 / PAGE + 1),
    name,
    word(name.length),
    word(sum),
    MAGIC,
  ])
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}
