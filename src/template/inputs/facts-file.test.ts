import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mayMount, mountVolume } from '../../../test/support/small-volume.ts'
import { createFacts } from './facts.fixture.ts'
import { openFileFacts } from './open-file-facts.ts'

const sha256 = (content: string): string => hash('sha256', content)

test.for<[string, (path: string) => void]>([
  ['truncated', (path) => truncateSync(path, 150)],
  ['empty', (path) => truncateSync(path, 0)],
  [
    'changed in one byte',
    (path) => writeFileSync(path, readFileSync(path, 'latin1').replace('believed', 'Believed'), 'latin1'),
  ],
  ['of another version', (path) => writeFileSync(path, readFileSync(path, 'latin1').replace('facts 1', 'facts 9'))],
  ['something else', (path) => writeFileSync(path, Buffer.alloc(1000, 0xff))],
  [
    'a folder',
    (path) => {
      rmSync(path)
      mkdirSync(path)
    },
  ],
])('facts that are kept in a file that is %s are not used', async ([, damage]) => {
  using facts = createFacts()
  facts.project.write('a', 'first')
  await facts.settle()
  const first = facts.open()
  first.hashOf('a')
  first.save()
  // Whoever believes it says so.
  facts.corrupt((content) => content.replaceAll(sha256('first'), 'believed'))
  expect(facts.open().hashOf('a')).toBe('believed')
  damage(join(facts.cache, facts.files()[0] ?? ''))
  const second = facts.open()
  expect(second.hashOf('a')).toBe(sha256('first'))
  second.save()
})

test('facts of another project are not used', async () => {
  using facts = createFacts()
  facts.project.write('a', 'first')
  await facts.settle()
  const first = facts.open()
  first.hashOf('a')
  first.save()
  facts.corrupt((content) => content.replace(facts.project.root, '/other').replaceAll(sha256('first'), 'believed'))
  expect(facts.open().hashOf('a')).toBe(sha256('first'))
})

test('nothing is written unless something was learnt, and files that are gone are forgotten then', async () => {
  using facts = createFacts()
  for (const path of ['a', 'b', 'unseen', 'unseen too']) facts.project.write(path)
  await facts.settle()
  const first = facts.open()
  for (const path of ['a', 'b', 'unseen', 'unseen too']) first.hashOf(path)
  first.derived('b', 'letters', (content) => content.split(''))
  first.save()
  const [name = ''] = facts.files()
  const { ino } = statSync(join(facts.cache, name))
  for (const path of ['b', 'unseen too']) rmSync(facts.project.at(path))
  const second = facts.open()
  for (const path of ['a', 'b']) second.hashOf(path)
  second.save()
  expect(statSync(join(facts.cache, name)).ino).toBe(ino)
  facts.project.write('c')
  await facts.settle()
  second.hashOf('c')
  second.save()
  const kept = JSON.parse(facts.content()) as { paths: string[]; derived: unknown[] }
  expect(kept.paths.toSorted()).toEqual(['a', 'c', 'unseen'])
  expect(kept.derived).toEqual([])
})

test('without a cache folder it works, and says once why it will be slow', () => {
  using facts = createFacts()
  facts.project.write('a', 'first')
  const notes: string[] = []
  const now = openFileFacts(facts.project.root, join(facts.cache, 'missing'), {
    onNotKept: (reason) => notes.push(reason),
  })
  for (const key of ['one', 'two']) {
    now.derived('a', key, () => [])
    now.save()
  }
  expect(now.hashOf('a')).toBe(sha256('first'))
  expect(notes).toEqual([expect.stringContaining('ENOENT')])
})

test.skipIf(!mayMount)('a full disk costs nothing but time (needs root for a mount)', async () => {
  using facts = createFacts()
  using volume = mountVolume('size=16k')
  const content = 'x'.repeat(100)
  for (let n = 0; n < 300; n += 1) facts.project.write(`${n}-${'n'.repeat(100)}`, content)
  await facts.settle()
  const notes: string[] = []
  const now = openFileFacts(facts.project.root, volume.path, { onNotKept: (reason) => notes.push(reason) })
  const paths = readdirSync(facts.project.root)
  for (const path of paths) expect(now.hashOf(path)).toBe(sha256(content))
  now.save()
  expect(notes).toEqual([expect.stringContaining('ENOSPC')])
  expect(readdirSync(volume.path)).toEqual([])
})
