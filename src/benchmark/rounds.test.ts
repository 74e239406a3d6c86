import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { measureInRounds, type Contender } from './rounds.ts'

const { signal } = new AbortController()

/** Contenders that note who was measured when, and give the number of the call. */
function contenders(names: readonly string[], more: Partial<Contender> = {}): { order: string[]; all: Contender[] } {
  const order: string[] = []
  const all = names.map((name) => ({
    name,
    measure: async () => {
      order.push(name)
      return { [name]: order.filter((each) => each === name).length }
    },
    ...more,
  }))
  return { order, all }
}

test('each round begins with another, and the first one only warms up', async () => {
  const { order, all } = contenders(['a', 'b'])
  const { values } = await measureInRounds(all, { runs: 2, budgetMs: Infinity, signal })
  expect(order.join('')).toBe('abbaab')
  expect(Object.fromEntries(values)).toEqual({ a: [2, 3], b: [2, 3] })
})

test('one run is one run, without a round to warm up', async () => {
  const { order, all } = contenders(['a', 'b'])
  const { values } = await measureInRounds(all, { runs: 1, budgetMs: Infinity, signal })
  expect(order).toEqual(['a', 'b'])
  expect(values.get('a')).toEqual([1])
})

test('what takes longer than the time there is, is measured once', async () => {
  const { order, all } = contenders(['a', 'b'])
  const slow = all.map(({ name, measure }) => ({ name, measure: () => sleep(20).then(measure) }))
  const { values } = await measureInRounds(slow, { runs: 7, budgetMs: 30, signal })
  expect(order).toEqual(['a', 'b'])
  expect(Object.fromEntries(values)).toEqual({ a: [1], b: [1] })
})

test('what is optional is left out where there is no time for it, and said', async () => {
  const { order, all } = contenders(['a', 'b', 'c'])
  const slow = all.map(({ name, measure }) => {
    return { name, isOptional: name === 'b', measure: () => sleep(name === 'a' ? 40 : 0).then(measure) }
  })
  const { values, skipped } = await measureInRounds(slow, { runs: 7, budgetMs: 60, signal })
  expect(order).toEqual(['a', 'c'])
  expect([...values.keys()]).toEqual(['a', 'c'])
  expect(skipped).toEqual(['b'])
})

test('an interrupt ends it before the next measurement', async () => {
  const controller = new AbortController()
  const { order, all } = contenders(['a', 'b'])
  const onMeasure = (name: string): void => {
    if (name === 'b') controller.abort(new Error('stop'))
  }
  const options = { runs: 3, budgetMs: Infinity, signal: controller.signal, onMeasure }
  await expect(measureInRounds(all, options)).rejects.toThrow('stop')
  // Begun already.
  expect(order).toEqual(['a', 'b'])
})
