import { expect, test } from 'vitest'
import { isNumbered, whyNotNewest } from './order.ts'

test('migrations are ordered by name, in whatever folder they lie', () => {
  const applied = ['db/migrate/20260101_a.rb', 'db/migrate/2025/20250301_b.rb']
  const whyNot = (path: string): string | undefined => whyNotNewest([...applied, path], [path])
  expect(whyNot('db/migrate/2025/20260102_c.rb')).toBeUndefined()
  expect(whyNot('db/migrate/2025/20250302_c.rb')).toBe(
    'db/migrate/2025/20250302_c.rb was added, which does not come after db/migrate/20260101_a.rb',
  )
})

test('where each migration has a folder, its name counts, and of a part of a file the part', () => {
  expect(whyNotNewest(['m/002_b/migration.sql', 'm/001_a/migration.sql'], ['m/001_a/migration.sql'])).toContain('002_b')
  expect(whyNotNewest(['m/002_b/migration.sql', 'm/001_a/migration.sql'], ['m/002_b/migration.sql'])).toBeUndefined()
  expect(whyNotNewest(['z.json#002_b', 'a/001_a.sql'], ['z.json#002_b'])).toBeUndefined()
})

test('a number makes a migration', () => {
  expect(['001_a.js', 'm/0_b/migration.sql', 'a.json#1_a'].filter(isNumbered)).toHaveLength(3)
  expect(['helper.js', '001/helper.js', '.gitkeep'].filter(isNumbered)).toEqual([])
})
