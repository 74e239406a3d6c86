import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { whyNotContinue } from './continuation.ts'

const NUMBERED = ['1_a', '2_b', '2_c', '3', '9_z', '10_a', '10_b', '11', '100']
const name = fc.constantFrom(...NUMBERED)
const path = fc.oneof(
  name.map((file) => `m/${file}.sql`),
  fc.tuple(name, fc.constantFrom('up', 'down')).map(([folder, file]) => `m/${folder}/${file}.sql`),
  fc.tuple(fc.constantFrom('a', 'b'), name).map(([app, file]) => `${app}/m/${file}.sql`),
  fc.tuple(name, name, name).map((names) => `m/${names.join('/')}.sql`),
)
const applied = fc.uniqueArray(path, { minLength: 1, maxLength: 6 })
const more = fc.uniqueArray(path, { minLength: 1, maxLength: 3 })

type Order = (a: string, b: string) => number
const byCodeUnit: Order = (a, b) => (a < b ? -1 : Number(a > b))
const byNumber: Order = (a, b) => a.localeCompare(b, 'en', { numeric: true })

/** How a tool may go through a tree: files or folders first, or all by name. */
const WALKS = ['files first', 'folders first', 'mixed'] as const

function inOrderOf(walk: (typeof WALKS)[number], order: Order): Order {
  return (a, b) => {
    const [left, right] = [a.split('/'), b.split('/')]
    const fork = left.findIndex((part, index) => part !== right[index])
    const [isFile, isOtherFile] = [fork === left.length - 1, fork === right.length - 1]
    if (isFile === isOtherFile || walk === 'mixed') return order(left[fork] ?? '', right[fork] ?? '')
    return isFile === (walk === 'files first') ? -1 : 1
  }
}

test('where a layer is a start, a tool runs in the same order on top of it as from nothing', () => {
  let starts = 0
  fc.assert(
    fc.property(applied, more, (before, more) => {
      const after = [...new Set([...before, ...more])]
      const added = after.filter((file) => !before.includes(file))
      if (whyNotContinue(before.map(input), after.map(input)) !== undefined) return
      if (added.length > 0) starts += 1
      for (const order of [byCodeUnit, byNumber]) {
        for (const walk of WALKS) {
          const run = (files: string[]): string[] => files.toSorted(inOrderOf(walk, order))
          expect([...run(before), ...run(added)], walk).toEqual(run(after))
        }
      }
    }),
    { numRuns: 5_000 },
  )
  expect(starts).toBeGreaterThan(100)
})

function input(file: string): { path: string; hash: string; role: 'ordered' } {
  return { path: file, hash: '', role: 'ordered' }
}
