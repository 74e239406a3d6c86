import { hash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFacts } from './facts.fixture.ts'

const NAMES = ['a', 'b', 'c']
/** Of one size, but for one. */
const CONTENTS = ['aaaa', 'bbbb', 'cccc', 'd']
/** Seconds, far apart, among them a future one. */
const TIMES = [0, 1_700_000_000, 4_000_000_000]

type At = (name: string) => string
type Act = (at: At) => void

/** With a text by which fast-check shows what failed. */
function does(text: string, act: Act): readonly [text: string, act: Act] {
  return [text, act]
}

const name = fc.constantFrom(...NAMES)
const content = fc.constantFrom(...CONTENTS)
const act = fc.oneof(
  fc.tuple(name, content).map(([file, text]) => does(`write ${file} ${text}`, (at) => writeFileSync(at(file), text))),
  fc.tuple(name, content).map(([file, text]) =>
    does(`write ${file} ${text}, put its time back`, (at) => {
      const { atime, mtime } = statSync(at(file))
      writeFileSync(at(file), text)
      utimesSync(at(file), atime, mtime)
    }),
  ),
  fc.tuple(name, name).map(([from, to]) => does(`mv ${from} ${to}`, (at) => renameSync(at(from), at(to)))),
  fc.tuple(name, name).map(([from, to]) =>
    does(`cp -p ${from} ${to}`, (at) => {
      const { atime, mtime } = statSync(at(from))
      copyFileSync(at(from), at(to))
      utimesSync(at(to), atime, mtime)
    }),
  ),
  fc
    .tuple(name, fc.constantFrom(...TIMES))
    .map(([file, time]) => does(`touch ${file} ${time}`, (at) => utimesSync(at(file), time, time))),
  fc.tuple(name, name).map(([from, to]) => does(`ln -s ${from} ${to}`, (at) => symlinkSync(from, at(to)))),
  name.map((file) => does(`chmod ${file}`, (at) => chmodSync(at(file), 0o600))),
  name.map((file) => does(`truncate ${file}`, (at) => truncateSync(at(file), 1))),
  name.map((file) => does(`rm ${file}`, (at) => rmSync(at(file)))),
)

/** `wait`: until what was written is old enough to be remembered. */
const step = fc.oneof(
  { weight: 12, arbitrary: act },
  { weight: 6, arbitrary: fc.constant('ask' as const) },
  { weight: 3, arbitrary: fc.constant('next process' as const) },
  { weight: 2, arbitrary: fc.constant('wait' as const) },
)

test('whatever happens to files, their hashes and what is derived are those of their content', async () => {
  let remembered = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      using facts = createFacts()
      let now = facts.open()
      for (const file of NAMES) facts.project.write(file)
      for (const each of [...steps, 'ask' as const, 'next process' as const, 'ask' as const]) {
        if (each === 'wait') await setTimeout(60)
        else if (each === 'next process') {
          now.save()
          remembered += facts.files().length
          now = facts.open()
        } else if (each === 'ask') {
          for (const file of NAMES) {
            const content = contentOf(facts.project.at(file))
            expect(now.hashOf(file)).toBe(content && hash('sha256', content))
            expect(now.derived(file, 'all', (text) => [text])).toEqual(content && [content])
          }
        } else ifPossible(() => each[1](facts.project.at))
      }
    }),
    { numRuns: 40 },
  )
  expect(remembered).toBeGreaterThan(10)
})

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** On a name that is free, or a circle of links, some fail, as they should. */
function ifPossible(action: () => unknown): void {
  try {
    action()
  } catch (error) {
    expect(error).toHaveProperty('code')
  }
}
