import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// What people write themselves: a copy of the database is kept by the hash of the files that make it, and copied over it.
// It keeps nothing of what was there, does not look who has it open, and syncs nothing: DATABASE FOLDER RECIPE
const [database = '', folder = '', recipe = ''] = process.argv.slice(2)
const { inputs, setup } = JSON.parse(recipe) as { inputs: string[]; setup: [string, ...string[]][] }
const hash = createHash('sha256')
for (const path of globSync(inputs).toSorted()) hash.update(readFileSync(path))
const template = join(folder, `${hash.digest('hex')}.sqlite3`)
for (const suffix of ['-wal', '-shm', '-journal']) rmSync(`${database}${suffix}`, { force: true })
if (existsSync(template)) {
  copyFileSync(template, database)
} else {
  rmSync(database, { force: true })
  for (const [program, ...args] of setup) {
    const { status } = spawnSync(program, args, { stdio: 'ignore' })
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  }
  mkdirSync(folder, { recursive: true })
  copyFileSync(database, template)
}
