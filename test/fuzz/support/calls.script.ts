import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { call } from '../../../src/cli/call.ts'

// One call of the command line after another, in one process: each line of the standard input is the words of one. On both
// outputs a line with its mark says that it has ended, and on the first one also how.

const MARK = '=== end of the call'

// As it is started, also by the processes that it starts itself.
process.argv[1] = join(import.meta.dirname, '../../../src/cli/main.ts')
process.setMaxListeners(0)

for await (const line of createInterface(process.stdin)) {
  const status = await call(JSON.parse(line) as string[])
  writeSync(1, `\n${MARK} ${status}\n`)
  writeSync(2, `\n${MARK}\n`)
}
