import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { chmodSync, cpSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFacts } from './facts.fixture.ts'

const sha256 = (content: string): string => hash('sha256', content)

test('a hash is that of the content, of files of any size; what is no file has none', () => {
  using facts = createFacts()
  const sizes = [0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 1_000_000]
  for (const size of sizes) facts.project.write(`${size}`, 'x'.repeat(size))
  facts.project.write('odd-\n-name', 'odd')
  facts.project.write('../outside', 'out')
  facts.project.link('link', 'odd-\n-name')
  facts.project.link('dangling', 'nowhere')
  facts.project.link('circle', 'circle')
  const now = facts.open()
  for (const size of sizes) expect(now.hashOf(`${size}`)).toBe(sha256('x'.repeat(size)))
  expect(now.hashOf('odd-\n-name')).toBe(sha256('odd'))
  expect(now.hashOf('link')).toBe(sha256('odd'))
  expect(now.hashOf('../outside')).toBe(sha256('out'))
  for (const path of ['nothing', 'dangling', 'circle', '.', 'link/below']) expect(now.hashOf(path)).toBeUndefined()
})

test('what did not change is not read again, in this process or the next', async () => {
  using facts = createFacts()
  facts.project.write('a', 'first')
  facts.project.write('b', 'second')
  await facts.settle()
  const first = facts.open()
  expect([first.hashOf('a'), first.hashOf('b')]).toEqual([sha256('first'), sha256('second')])
  first.save()
  facts.corrupt((content) => content.replaceAll(sha256('first'), 'known'))
  const second = facts.open()
  expect([second.hashOf('a'), second.hashOf('b')]).toEqual(['known', sha256('second')])
})

test('a file as young as a tick of the clock is hashed again', () => {
  using facts = createFacts()
  facts.project.write('a', 'first')
  const first = facts.open()
  first.hashOf('a')
  first.save()
  expect(facts.files()).toEqual([])
})

test.for<[string, (at: (path: string) => string) => void]>([
  ['written to', (at) => writeFileSync(at('a'), 'other')],
  ['replaced by a rename', (at) => renameSync(at('b'), at('a'))],
  ['replaced, keeping its times', (at) => cpSync(at('b'), at('a'), { preserveTimestamps: true })],
  [
    'written to, with its time put back',
    (at) => {
      const { atime, mtime } = statSync(at('a'))
      writeFileSync(at('a'), 'other')
      utimesSync(at('a'), atime, mtime)
    },
  ],
])('a file of the same size is seen to be %s', async ([, change]) => {
  using facts = createFacts()
  for (const [path, content] of [
    ['a', 'first'],
    ['b', 'other'],
  ] as const) {
    facts.project.write(path, content)
    utimesSync(facts.project.at(path), 1_700_000_000, 1_700_000_000)
  }
  await facts.settle()
  const now = facts.open()
  expect(now.hashOf('a')).toBe(sha256('first'))
  now.save()
  change(facts.project.at)
  expect(now.hashOf('a')).toBe(sha256('other'))
  expect(facts.open().hashOf('a')).toBe(sha256('other'))
})

test('a link that leads to another file has the hash of that one', async () => {
  using facts = createFacts()
  facts.project.write('one', '1')
  facts.project.write('two', '2')
  facts.project.link('link', 'one')
  await facts.settle()
  const now = facts.open()
  expect(now.hashOf('link')).toBe(sha256('1'))
  rmSync(facts.project.at('link'))
  facts.project.link('link', 'two')
  expect(now.hashOf('link')).toBe(sha256('2'))
})

test('what was derived is remembered by key for as long as the content is the same, wherever it lies', async () => {
  using facts = createFacts()
  const derivations: string[] = []
  const words = (content: string): string[] => {
    derivations.push(content)
    return content.split(' ')
  }
  for (const path of ['a', 'b']) facts.project.write(path, 'één twee')
  await facts.settle()
  const first = facts.open()
  for (const path of ['a', 'b', 'a']) expect(first.derived(path, 'words', words)).toEqual(['één', 'twee'])
  first.save()
  facts.corrupt((content) => content.replaceAll(sha256('één twee'), 'known without reading'))
  const second = facts.open()
  expect(second.derived('b', 'words', words)).toEqual(['één', 'twee'])
  expect(second.hashOf('b')).toBe('known without reading')
  expect(derivations).toEqual(['één twee'])
  expect(second.derived('b', 'count', (content) => [String(words(content).length)])).toEqual(['2'])
  facts.project.write('b', 'een twee')
  expect(second.derived('b', 'words', words)).toEqual(['een', 'twee'])
  expect(second.derived('a', 'words', words)).toEqual(['één', 'twee'])
  expect(derivations).toEqual(['één twee', 'één twee', 'een twee'])
  for (const path of ['nothing', '.']) expect(second.derived(path, 'words', words)).toBeUndefined()
})

test('names that are not UTF-8 have the hash of their own file, remembered too', async () => {
  using facts = createFacts()
  for (const byte of [0xe8, 0xe9]) {
    writeFileSync(Buffer.concat([Buffer.from(facts.project.at('caf')), Buffer.of(byte)]), String(byte))
  }
  await facts.settle()
  const now = facts.open()
  expect(now.hashOf('caf\udce8')).toBe(sha256(String(0xe8)))
  expect(now.hashOf('caf\udce9')).toBe(sha256(String(0xe9)))
  expect(now.hashOf('caf\ufffd')).toBeUndefined()
  now.save()
  facts.corrupt((content) => content.replaceAll(sha256(String(0xe9)), 'known'))
  expect(facts.open().hashOf('caf\udce9')).toBe('known')
})

test('a named pipe and a device are no inputs, and nobody waits for them', () => {
  using facts = createFacts()
  execFileSync('mkfifo', [facts.project.at('pipe')])
  facts.project.link('zero', '/dev/zero')
  const now = facts.open()
  expect([now.hashOf('pipe'), now.hashOf('zero')]).toEqual([undefined, undefined])
})

test('a file that cannot be read is an error that names it; in a folder that cannot be entered it is absent', () => {
  using facts = createFacts()
  facts.project.write('secret', 'x')
  facts.project.write('closed/x', 'x')
  facts.project.write('open', 'x')
  chmodSync(join(facts.project.root, '..'), 0o755)
  chmodSync(facts.project.at('secret'), isRoot ? 0o600 : 0)
  chmodSync(facts.project.at('closed'), isRoot ? 0o700 : 0)
  const script = `import { openFileFacts } from ${JSON.stringify(join(import.meta.dirname, 'open-file-facts.ts'))}
    const facts = openFileFacts(${JSON.stringify(facts.project.root)}, '/nowhere')
    for (const path of ['open', 'closed/x', 'secret']) {
      try { console.log(typeof facts.hashOf(path)) } catch (error) { console.log(error.code, error.message) }
    }`
  const lines = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', ...NOBODY })
  expect(lines.split('\n')).toEqual([
    'string',
    'undefined',
    expect.stringContaining(`IO cannot read ${facts.project.at('secret')}, an input of the set-up: EACCES`),
    '',
  ])
  chmodSync(facts.project.at('closed'), 0o755)
})

const isRoot = process.geteuid?.() === 0
/** Root may read everything. */
const NOBODY = isRoot ? { uid: 65_534, gid: 65_534 } : {}
