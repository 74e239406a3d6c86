import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeLaravel, makePrisma } from './support/not-executed.ts'
import { readPage } from './support/page.ts'
import { testPage } from './support/test-page.ts'

const PAGES = globSync(join(import.meta.dirname, '../../docs/frameworks/*.md')).map((path) => basename(path, '.md'))
const SHAPE = ['With no configuration', 'Two commands', 'Configuration', 'Tests', 'Limits']

test('every page has its test, and says so if its commands are not executed', () => {
  const files = globSync('*.test.ts', { cwd: import.meta.dirname }).map((name) => join(import.meta.dirname, name))
  const tested = files.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^testPage\('(\w+)'/gm)].map(([, name = '']) => name),
  )
  expect(tested.toSorted()).toEqual(PAGES.toSorted())
  expect(PAGES.filter((name) => readPage(name).isMarked).toSorted()).toEqual(['laravel', 'prisma'])
})

test.each(PAGES)('the page of %s has the shape that all have, and no command hides from its test', (name) => {
  const { headings, stray } = readPage(name)
  expect(headings.filter((heading) => SHAPE.includes(heading))).toEqual(SHAPE)
  expect(stray).toEqual([])
})

testPage('prisma', { make: makePrisma, isPreset: false })
testPage('laravel', { make: makeLaravel, isPreset: false })
