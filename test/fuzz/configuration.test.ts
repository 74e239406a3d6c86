import * as fc from 'fast-check'
import { mkdtempDisposableSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfiguration } from '../../src/project/configuration.ts'
import { findDatabases } from '../../src/project/find-databases.ts'
import { explained } from './support/failures.ts'
import { corpus, fuzz, FUZZ_TIMEOUT_MS } from './support/fuzz.ts'
import { mutated } from './support/mutate.ts'

const KEYS = ['databases', 'volume', 'saveEvery', 'journal', 'requireRam', 'setup', 'env', 'keepSnapshots', '$schema']
const INNER = ['path', 'run', 'inputs', 'variables', 'incremental', 'main', '__proto__', 'constructor', '', 'a/b', '\n']
const TEXTS = ['db.sqlite3', '../../../etc/passwd', '/dev/shm', '\0', '\u001b[2J', '{path}', '{path:', 'off', 'wal', '']

/** A configuration, right in much of it. */
const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<unknown>(...TEXTS, true, false, null, 0, -1, 30, 1e308, 0.1),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.double(),
  ),
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS, ...INNER), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))
const top = fc.dictionary(fc.constantFrom(...KEYS, ...INNER), value, { maxKeys: 6, noNullPrototype: true })

const files = corpus('configuration')
const dressed = fc
  .tuple(
    top,
    fc.constantFrom('', '// a comment\n', '/* */', '\uFEFF', '#!'),
    fc.constantFrom('', ',', '}', '// end', '/*'),
  )
  .map(([content, before, after]) => Buffer.from(`${before}${JSON.stringify(content)}${after}`))
const input = fc.oneof(
  { weight: 2, arbitrary: dressed },
  {
    weight: 3,
    arbitrary: mutated(
      files.map(([, bytes]) => bytes),
      400,
    ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
)

/** Every reader of a configuration takes it, or says what is wrong with it; nothing is written. */
async function hold(folder: string, bytes: Uint8Array): Promise<void> {
  writeFileSync(join(folder, 'devshm.config.json'), bytes)
  const configuration = await explained(() => loadConfiguration(folder))
  const found = await explained(() => findDatabases({ cwd: folder, explicit: [] }))
  if (configuration?.databases !== undefined) expect(found?.databases.length).toBeGreaterThan(0)
  expect(readdirSync(folder)).toEqual(['devshm.config.json'])
  expect(Object.keys(Object.prototype)).toEqual([])
}

function emptyFolder(): string {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-fuzz-'))
  onTestFinished(() => folder.remove())
  return folder.path
}

test.each(files)('the configuration %s is taken, or its mistake is told in one line', async (_name, bytes) => {
  await hold(emptyFolder(), bytes)
})

test('any configuration is taken, or its mistake is told in one line', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const folder = emptyFolder()
  await fuzz('configuration', input, 400, (bytes) => hold(folder, bytes))
})
