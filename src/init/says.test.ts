import { expect, test } from 'vitest'
import { says } from './says.ts'

const migrate = { run: 'migrate', inputs: [], incremental: true }
const seed = { run: 'seed', inputs: ['seeds/**'] }

test.each([
  { now: [migrate], proposed: [migrate] },
  { now: [migrate, seed], proposed: [migrate] },
  { now: [migrate, { run: 'between' }, seed], proposed: [migrate, seed] },
  { now: [{ ...seed, inputs: ['lib/*', 'seeds/**'] }], proposed: [seed] },
  { now: [{ ...seed, variables: ['LOCALE'] }], proposed: [seed] },
  { now: { main: { path: 'a' }, log: { path: 'b' } }, proposed: { main: { path: 'a' } } },
  { now: { A: '{path}', B: '1' }, proposed: { A: '{path}' } },
])('$now says $proposed', ({ now, proposed }) => {
  expect(says(now, proposed)).toBe(true)
})

test.each([
  { now: [migrate], proposed: [migrate, seed] },
  { now: [seed, migrate], proposed: [migrate, seed] },
  { now: [{ ...migrate, run: 'migrate --fast' }], proposed: [migrate] },
  { now: [{ run: 'seed' }], proposed: [seed] },
  { now: [{ ...seed, incremental: true }], proposed: [seed] },
  { now: [{ ...migrate, incremental: false }], proposed: [migrate] },
  { now: [{ ...seed, inputs: [] }], proposed: [seed] },
  { now: { main: { path: 'b' } }, proposed: { main: { path: 'a' } } },
])('$now does not say $proposed', ({ now, proposed }) => {
  expect(says(now, proposed)).toBe(false)
})
