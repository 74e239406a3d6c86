import { expect, test } from 'vitest'
import { literalPaths, placesOf } from './literals.ts'

test('strings that can be paths are found, each by itself and joined', () => {
  expect(literalPaths(`read('./a.json'); join(__dirname, "..", 'data', \`b.csv\`); resolve('c', 'd.sql')`)).toEqual([
    './a.json',
    'b.csv',
    'd.sql',
    '../data/b.csv',
    'c/d.sql',
  ])
  expect(literalPaths(`Rails.root.join('db', 'data', 'tea.csv')`)).toContain('db/data/tea.csv')
})

test('the folder before an interpolated path is understood, and a computed end stands for anything', () => {
  expect(literalPaths('`${__dirname}/x.json`, "#{Rails.root}/db/x.csv", `./locales/${name}.json`')).toEqual([
    './x.json',
    './db/x.csv',
    './locales/*.json',
  ])
})

test('prose, SQL, addresses and what begins with something computed are no paths', () => {
  expect(
    literalPaths(`'It is. Really', 'SELECT a.b FROM c', 'https://example.com/x', \`\${a}/b.js\`, '../..', 'name'`),
  ).toEqual([])
})

test('a path leads from the file, from the package and from lib, never out of the project', () => {
  expect(placesOf('./b', 'db/a.js', '')).toEqual(['db/b', 'b'])
  expect(placesOf('shop/slug', 'db/migrate/1.rb', 'app')).toEqual([
    'db/migrate/shop/slug',
    'app/shop/slug',
    'app/lib/shop/slug',
  ])
  expect(placesOf('@/db', 'api/x.ts', 'api')).toEqual(['api/db', 'api/src/db'])
  expect(placesOf('../../../etc/x', 'a/b.js', '')).toEqual([])
})
