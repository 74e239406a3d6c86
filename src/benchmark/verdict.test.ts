import { expect, test } from 'vitest'
import type { Figures } from './levels.ts'
import { verdictOf } from './verdict.ts'

/** A project of some size on a good SSD. */
const USUAL: Figures = {
  commit: { disk: 0.65, ram: 0.045, wal: 0.009 },
  request: { disk: 0.84, ram: 0.11, wal: 0.07 },
  setup: { disk: 13_900, ram: 13_200, reset: 115 },
  tests: { without: 1_000, with: 50 },
  testKind: 'django',
  framework: 'django',
  platform: 'linux',
  arch: 'x64',
  diskIsRam: false,
}

test('a long set-up on a fast disk: templates pay, RAM a little', () => {
  const verdict = verdictOf(USUAL)
  expect(verdict).toMatchObject({ templates: 'much', ram: 'little' })
  expect(verdict.summary).toBe('Templates pay here; RAM pays a little.')
  expect(verdict.sentences).toEqual([
    'A reset takes 115 ms instead of the 13.9 s of the set-up (121 ×).',
    "Django's test databases are there in 50 ms instead of 1 s (20 ×), at each start of the tests.",
    'A request with one commit takes 0.11 ms in RAM and 0.84 ms on disk (7.6 ×), a thousand of them 730 ms less.',
    'A script that commits row by row is 72 × as fast with write-ahead logging in RAM as on disk.',
    'The set-up takes 13.2 s in RAM and 13.9 s on disk: it hardly waits for the disk.',
  ])
  expect(verdict.turnOn.map(({ command }) => command)).toEqual([
    'devshm reset',
    'devshm test -- python manage.py test',
    'devshm run -- COMMAND',
    'devshm run --journal wal -- COMMAND',
  ])
})

test('a slow disk: both pay', () => {
  const verdict = verdictOf({
    ...USUAL,
    commit: { disk: 34, ram: 0.045, wal: 0.009 },
    request: { disk: 35, ram: 0.11, wal: 0.07 },
    setup: { disk: 19_000, ram: 7_100, reset: 150 },
  })
  expect(verdict).toMatchObject({ templates: 'much', ram: 'much', summary: 'Both pay here, templates and RAM.' })
  expect(verdict.sentences.at(-1)).toBe('The set-up itself takes 7.1 s in RAM instead of 19 s (2.7 ×).')
})

test('a set-up that is over at once, on a disk that does not wait: nothing pays, and nothing is to be turned on', () => {
  const verdict = verdictOf({
    ...USUAL,
    commit: { disk: 0.05, ram: 0.045, wal: 0.009 },
    request: { disk: 0.12, ram: 0.11, wal: 0.07 },
    setup: { disk: 90, ram: 88, reset: 120 },
    tests: { without: 60, with: 50 },
  })
  expect(verdict).toMatchObject({ templates: 'nothing', ram: 'nothing', turnOn: [] })
  expect(verdict.summary).toBe('Neither templates nor RAM gain much here.')
  expect(verdict.sentences[0]).toBe('A reset from the template takes 120 ms, the set-up itself 90 ms: run it as ever.')
})

test('one of two that pays is enough for templates to pay', () => {
  expect(verdictOf({ ...USUAL, setup: { disk: 90, reset: 120 } }).templates).toBe('much')
  expect(verdictOf({ ...USUAL, tests: { without: 10, with: 9 } }).templates).toBe('much')
})

test('a database for each test is worth less time than a start of all of them', () => {
  const short = { ...USUAL, setup: { disk: 90, ram: 50, reset: 120 }, tests: { without: 90, with: 1 } }
  expect(verdictOf(short).templates).toBe('nothing')
  const clones = verdictOf({ ...short, testKind: 'clone', framework: 'rails' })
  expect(clones.templates).toBe('much')
  expect(clones.sentences).toContain(
    'A database for a test is there in 1 ms instead of 90 ms (90 ×), for each test that has one of its own.',
  )
  expect(clones.turnOn[0]?.command).toBe('devshm test -- bin/rails test')
  // Half the time, but nobody waits for it.
  expect(clones.sentences.at(-1)).toBe('The set-up takes 50 ms in RAM and 90 ms on disk.')
})

test('a RAM disk on Apple silicon that is slower than the SSD is told so, with the reason, and not recommended', () => {
  const { setup: _none, tests: _neither, ...commits } = USUAL
  const slower = { ...commits, request: { disk: 0.2, ram: 0.3, wal: 0.2 }, platform: 'darwin', arch: 'arm64' }
  const verdict = verdictOf(slower)
  expect(verdict).toMatchObject({ templates: 'unknown', ram: 'slower', turnOn: [] })
  expect(verdict.summary).toBe('What templates gain was not measured; RAM is slower than the disk.')
  expect(verdict.sentences[1]).toMatch(/^On Apple silicon that is to be expected: .* Leave the database on disk\.$/)
  expect(verdictOf({ ...slower, platform: 'linux', arch: 'x64' }).sentences).toHaveLength(1)
})

test('a project that lies in RAM gains nothing from RAM, whatever was measured', () => {
  const verdict = verdictOf({ ...USUAL, diskIsRam: true })
  expect(verdict.ram).toBe('nothing')
  expect(verdict.sentences).toContain('The project itself lies in RAM: its commits wait for no disk.')
  expect(verdict.turnOn.map(({ command }) => command)).not.toContain('devshm run -- COMMAND')
})

test('what was not measured is not spoken of', () => {
  const verdict = verdictOf({ platform: 'linux', arch: 'x64', diskIsRam: false })
  expect(verdict).toMatchObject({ templates: 'unknown', ram: 'unknown', sentences: [], turnOn: [] })
  expect(verdict.summary).toBe('What templates gain was not measured; what RAM gains was not measured.')
})
