import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createDatabase, createPlace, itemsScript } from './databases.fixture.ts'

const MB = 1_000_000

/** A program of its own, so that only this copy counts. It prints the most memory it ever had, in bytes. */
const COPY_AND_CHECK = `
  const { sqliteEngine } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
  const [from, to] = process.argv.slice(1)
  {
    using pinned = await sqliteEngine.pin(from)
    await pinned.copyTo(to, 0o600)
    const { sound } = await sqliteEngine.verify(to, pinned)
    if (!sound) throw new Error('the copy is not sound')
  }
  if (!(await sqliteEngine.haveSameContent(from, to))) throw new Error('the copy is another content')
  console.log(process.resourceUsage().maxRSS * 1024)`

test('to copy, check and compare 200 MB takes hardly more memory than 12 MB', () => {
  using place = createPlace('ram')
  const memoryFor = (items: number): number => {
    const path = createDatabase(place.path(`db-${items}`), `pragma journal_mode = off; ${itemsScript(items)}`)
    const printed = execFileSync(process.execPath, ['-e', COPY_AND_CHECK, path, `${path}-copy`], { encoding: 'utf8' })
    expect(statSync(`${path}-copy`).size).toBe(statSync(path).size)
    expect(statSync(path).size).toBeGreaterThan(items * 1_000)
    return Number(printed)
  }
  // Small enough not to matter, large enough for the check to run in a thread of its own.
  const small = memoryFor(10_000)
  const large = memoryFor(190_000)
  expect(small).toBeGreaterThan(10 * MB)
  expect(large - small).toBeLessThan(60 * MB)
})
