import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.includes('| tested in'))

test('every guarantee of SECURITY.md names its code and a test, by a title that is there', () => {
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) {
    const tested = row.split(' | ').at(-1) ?? ''
    const named = tested.split(/; (?=`)/).filter((part) => part.startsWith('`'))
    expect(named.length, row).toBeGreaterThan(0)
    for (const part of named) {
      const [, file = ''] = /^`([^`]+)`: "/.exec(part) ?? []
      const source = readFileSync(join(ROOT, file), 'utf8')
      const titles = [...part.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title)
      expect(titles.length, part).toBeGreaterThan(0)
      expect(titles.filter((title) => !source.includes(`'${title}'`))).toEqual([])
    }
  }
})

test('every test of a guarantee is on the page', () => {
  const tests = ['strangers', 'races', 'modes', 'names', 'cloned-project', 'databases', 'environment']
  const titles = tests.flatMap((name) => {
    const source = readFileSync(join(ROOT, `test/security/${name}.test.ts`), 'utf8')
    return [...source.matchAll(/^ *(?:test|test\.[\w.]+\([^'\n]*\))\(\n? *'([^'\n]+)'/gm)].map(
      ([, title = '']) => title,
    )
  })
  expect(titles.length).toBeGreaterThan(12)
  expect(titles.filter((title) => !page.includes(title))).toEqual([])
})
