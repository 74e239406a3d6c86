import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { lockExclusively, showPresence } from './file-lock.ts'

// Only for tests: a process that does one thing with a lock, says `ready` and stays.
//   node file-lock.driver.ts hold|present LOCK
//   node file-lock.driver.ts count LOCK COUNTER TIMES: raise the number in a file, unlocked it would lose some

const [action, path = '', counter = '', times = '0'] = process.argv.slice(2)
const kept: Disposable[] = []

if (action === 'hold') kept.push(await lockExclusively(path, { timeoutMs: 10_000 }))
if (action === 'present') kept.push(await showPresence(path))
if (action === 'count') {
  for (let n = 0; n < Number(times); n += 1) {
    using _lock = await lockExclusively(path, { timeoutMs: 20_000 })
    const before = Number(readFileSync(counter, 'utf8'))
    await delay(1)
    writeFileSync(counter, String(before + 1))
  }
  process.exit(0)
}
process.stdout.write('ready\n')
process.stdin.on('end', () => process.exit(kept.length)).resume()
