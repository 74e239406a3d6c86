/** Only for tests: a Node app that writes 100 rows, one commit each. */
import { DatabaseSync } from 'node:sqlite'

using connection = new DatabaseSync(process.argv[2] ?? '', { timeout: 20_000 })
const insert = connection.prepare("insert into note values ('node', ?)")
for (let number = 1; number <= 100; number += 1) insert.run(number)
