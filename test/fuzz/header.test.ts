import * as fc from 'fast-check'
import { copyFileSync, mkdtempDisposableSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sqliteEngine as engine } from '../../src/engine/sqlite/index.ts'
import { isSqliteFile } from '../../src/project/sqlite-file.ts'
import { explainingFailures } from '../../src/session/explain-failure.ts'
import { healthyDatabases } from './support/databases.ts'
import { explained } from './support/failures.ts'
import { corpus, fuzz, FUZZ_TIMEOUT_MS } from './support/fuzz.ts'
import { mutated } from './support/mutate.ts'

const [healthy, ...others] = healthyDatabases()
if (healthy === undefined) throw new Error('no database was made')
const files = corpus('header')

interface Input {
  readonly database: Buffer
  /** What lies beside it. */
  readonly log: Buffer | undefined
  readonly journal: Buffer | undefined
}

const all = [healthy, ...others, ...files.map(([, bytes]) => bytes)]
const beside = fc.option(mutated(all, 100), { freq: 3, nil: undefined })
const input: fc.Arbitrary<Input> = fc.record({ database: mutated(all, 110), log: beside, journal: beside })

/** What attach, save, snapshot, restore and diff do with a file. Each does it, or is refused in words. */
async function hold(folder: string, { database, log, journal }: Input): Promise<void> {
  const at = (name: string): string => join(folder, name)
  const [origin, copy, good] = [at('db'), at('copy'), at('good')]
  for (const name of readdirSync(folder)) rmSync(at(name))
  writeFileSync(origin, database)
  if (log !== undefined) writeFileSync(`${origin}-wal`, log)
  if (journal !== undefined) writeFileSync(`${origin}-journal`, journal)
  writeFileSync(good, healthy ?? '')
  expect(typeof isSqliteFile(origin)).toBe('boolean')
  const explainedHere = (action: () => Promise<void>): Promise<void | undefined> =>
    explained(() => explainingFailures({ origin }, action))
  await explainedHere(async () => {
    if ((await engine.inspect(origin)).kind !== 'database') return
    using lock = await engine.lockWriters(origin, { timeoutMs: 0 })
    expect(lock).toBeDefined()
  })
  await explainedHere(async () => {
    if ((await engine.inspect(origin)).kind !== 'database') return
    using pinned = await engine.pin(origin, { timeoutMs: 0 })
    await pinned.copyTo(copy, 0o600)
    await engine.verify(copy, pinned)
    await engine.haveSameContent(copy, good)
    if (pinned.pageCount > 0) await engine.setJournalMode(copy, 'rollback')
  })
  await explainedHere(async () => {
    copyFileSync(origin, copy)
    await engine.diff(good, copy, { rows: { limit: 10 } })
  })
  const names = readdirSync(folder).filter((name) => !/^(?:db|copy|good)(?:-wal|-shm|-journal)?$/.test(name))
  expect(names).toEqual([])
  expect(readFileSync(good)).toEqual(healthy)
}

function emptyFolder(): string {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-fuzz-'))
  onTestFinished(() => folder.remove())
  return folder.path
}

test.each(files)('the database %s is taken, or refused in one line', async (_name, database) => {
  const folder = emptyFolder()
  await hold(folder, { database, log: undefined, journal: undefined })
  await hold(folder, { database: healthy, log: database, journal: database })
})

test('any bytes are taken for a database, or refused in one line', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const folder = emptyFolder()
  await fuzz('header', input, 150, (bytes) => hold(folder, bytes))
})
