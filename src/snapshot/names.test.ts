import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { createPlace } from '../engine/sqlite/databases.fixture.ts'
import { placesOf, type Places } from '../session/places.ts'
import { findSnapshot, isAutomatic, nextAutomaticName, nextUsersName, requireName, snapshotPath } from './names.ts'

function shelve(places: Places, ...names: string[]): void {
  mkdirSync(places.snapshots, { recursive: true })
  for (const name of names) writeFileSync(snapshotPath(places, name), '')
}

test.each(['a', 'before-click', '2026-11-24_v1.2', '_', 'x'.repeat(100)])(
  '%j can be the name of a snapshot',
  (name) => {
    expect(() => requireName(name)).not.toThrow()
  },
)

test.each(['', '.', '..', '../x', 'a/b', '.hidden', '-x', '--force', '@attach', 'ä', 'a b', 'a\n', 'x'.repeat(101)])(
  '%j cannot',
  (name) => {
    expect(() => requireName(name)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  },
)

test('numbers only grow: neither a removed snapshot that is remembered nor a gap gives its name to another', () => {
  using place = createPlace()
  const places = placesOf(place.path('db.sqlite3'))
  shelve(places, '@before-reset-2', '@before-reset-9', '@before-undo-30', 'snapshot-3')
  expect(nextAutomaticName(places, 'reset')).toBe('@before-reset-10')
  expect(nextAutomaticName(places, 'restore')).toBe('@before-restore-1')
  expect(nextUsersName(places)).toBe('snapshot-4')
  const overwritten = { snapshot: '@before-reset-40', by: 'reset', at: '' }
  writeFileSync(`${dirname(places.record)}/history.json`, JSON.stringify({ overwritten }))
  expect(nextAutomaticName(places, 'reset')).toBe('@before-reset-41')
})

test('an automatic snapshot without its number is the newest of them, by number; a name of the user’s is exact', () => {
  using place = createPlace()
  const places = placesOf(place.path('db.sqlite3'))
  shelve(places, '@before-reset-10', '@before-reset-9', 'mine-1')
  expect(findSnapshot(places, '@before-reset')?.name).toBe('@before-reset-10')
  expect(findSnapshot(places, '@before-reset-9')?.name).toBe('@before-reset-9')
  expect(findSnapshot(places, 'mine')).toBeUndefined()
  expect(findSnapshot(places, '@before')).toBeUndefined()
})

test('only what devshm took before it overwrote something is automatic', () => {
  expect(['@before-reset-1', '@before-restore-2', '@before-undo-3'].every(isAutomatic)).toBe(true)
  expect(['@attach', '@replaced', '@replaced-2', 'mine', 'snapshot-1', '@before-reset'].some(isAutomatic)).toBe(false)
})
