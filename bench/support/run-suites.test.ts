import { expect, test } from 'vitest'
import type { Part } from './results.ts'
import { runSuites } from './run-suites.ts'
import type { Suite } from './suite.ts'

const run = { at: '2026-11-26T17:15:50.123Z', runs: 1, machine: [] }

async function outcomeOf(suites: readonly Suite[]) {
  const parts: Part[] = []
  const shown: string[] = []
  const isWell = await runSuites(suites, {
    run,
    isQuick: false,
    devshm: ['devshm'],
    onPart: (part) => void parts.push(part),
    show: (text) => void shown.push(text),
  })
  return { isWell, parts, shown: shown.join('\n') }
}

const empty = { title: 'A title', about: [], tables: [], goals: [] }
const good: Suite = { name: 'good', run: () => Promise.resolve(empty) }

test('a suite that fails has no result, and the others have theirs', async () => {
  const bad: Suite = { name: 'bad', run: () => Promise.reject(new Error('no such luck')) }
  const { isWell, parts, shown } = await outcomeOf([bad, good])
  expect(isWell).toBe(false)
  expect(parts.map(({ name }) => name)).toEqual(['good'])
  expect(shown).toContain('The suite bad failed, and has no result: Error: no such luck')
})

test('what fails within a suite is a line of its result, once, and not a good one', async () => {
  const partly: Suite = {
    name: 'partly',
    run: async ({ measure, attempt }) => {
      const error = new Error(
        '/dev/shm/devshm-bench-a1b2c3/copy ended with 1:\nError: cannot open /tmp/devshm-bench-x/db',
      )
      const failing = { name: 'failing', measure: () => Promise.reject(error) }
      await measure([failing])
      await measure([failing])
      await measure([{ name: 'absent', needs: ['no-such-program'], measure: () => Promise.resolve({}) }])
      expect(await attempt('a size', () => Promise.reject(new Error('too large')))).toBeUndefined()
      expect(await attempt('another', () => Promise.resolve(1))).toBe(1)
      return empty
    },
  }
  const { isWell, parts } = await outcomeOf([partly, good])
  expect(isWell).toBe(false)
  expect(parts[0]).toMatchObject({
    name: 'partly',
    run,
    failed: ['failing (Error: cannot open db)', 'a size (too large)'],
    leftOut: ['absent (`no-such-program` is not installed)'],
  })
})

test('all is well when nothing failed, also when something is not installed', async () => {
  const lacking: Suite = {
    name: 'lacking',
    run: async ({ measure }) => {
      await measure([{ name: 'absent', needs: ['no-such-program'], measure: () => Promise.resolve({}) }])
      return empty
    },
  }
  expect(await outcomeOf([lacking, good])).toMatchObject({ isWell: true })
})
