import { expect, test } from 'vitest'
import { measureInRounds, type Contender, type Troubles } from './rounds.ts'

interface Noted extends Troubles {
  readonly notes: string[]
}

function troubles(): Noted {
  const notes: string[] = []
  return {
    notes,
    leftOut: (contender, why) => void notes.push(`left out: ${contender}: ${why}`),
    failed: (contender, error) => void notes.push(`failed: ${contender}: ${String(error)}`),
  }
}

/** Each measurement is its number, from 0, which is the one to warm up. */
function counting(name: string, order: string[], more: Partial<Contender> = {}): Contender {
  let ms = -1
  return {
    name,
    measure: () => {
      order.push(name)
      ms += 1
      return Promise.resolve({ ms })
    },
    ...more,
  }
}

test('round by round in turn, each beginning with another; the first does not count', async () => {
  const order: string[] = []
  const noted = troubles()
  const results = await measureInRounds([counting('a', order), counting('b', order)], 2, noted)
  expect(order.join('')).toBe('abbaab')
  expect(results.of('a', 'ms')).toEqual([1, 2])
  expect(noted.notes).toEqual([])
})

test('what takes long is not run to warm up', async () => {
  const order: string[] = []
  const results = await measureInRounds(
    [counting('a', order), counting('long', order, { isLong: true })],
    3,
    troubles(),
  )
  expect(order.filter((name) => name === 'long')).toHaveLength(3)
  expect(results.of('a', 'ms')).toHaveLength(3)
  expect(results.of('long', 'ms')).toHaveLength(3)
  expect(order.filter((name) => name === 'a')).toHaveLength(4)
})

test('one that fails is reported once and counts nothing; the others go on', async () => {
  const order: string[] = []
  let left = 2
  const failing: Contender = {
    name: 'failing',
    measure: () => {
      left -= 1
      return left > 0 ? Promise.resolve({ ms: 1 }) : Promise.reject(new Error('no such luck'))
    },
  }
  const noted = troubles()
  const results = await measureInRounds([failing, counting('a', order)], 3, noted)
  expect(noted.notes).toEqual(['failed: failing: Error: no such luck'])
  expect(results.of('failing', 'ms')).toEqual([])
  expect(results.of('a', 'ms')).toEqual([1, 2, 3])
})

test('one whose program is not installed is left out, and is said to be', async () => {
  const order: string[] = []
  const noted = troubles()
  const results = await measureInRounds(
    [counting('a', order), counting('b', order, { needs: ['sh', 'no-such-program'] })],
    1,
    noted,
  )
  expect(noted.notes).toEqual(['left out: b: `no-such-program` is not installed'])
  expect(results.of('b', 'ms')).toEqual([])
  expect(order).toEqual(['a', 'a'])
})

test('a quantity that was not measured is a mistake', async () => {
  const results = await measureInRounds([counting('a', [])], 1, troubles())
  expect(() => results.of('a', 'seconds')).toThrow('a did not measure seconds')
})
