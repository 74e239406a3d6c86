import { expect, test } from 'vitest'
import { fileOfDjangoName } from './django-name.ts'

test.each([
  ['/data/app.db', '/data/app.db'],
  ['app.db', '/site/app.db'],
  ['100%.db', '/site/100%.db'],
  ['file:/data/app.db?mode=rwc', '/data/app.db'],
  ['file:///data/app.db', '/data/app.db'],
  ['file://localhost/data/app.db#top', '/data/app.db'],
  ['file:app%20%C3%A4.db?cache=shared', '/site/app ä.db'],
  [':memory:', 'memory'],
  ['file::memory:?cache=shared', 'memory'],
  ['file:memorydb_default?mode=memory&cache=shared', 'memory'],
  ['file:/shared?vfs=memdb', 'memory'],
])('%s is %s', (name, expected) => {
  expect(fileOfDjangoName(name, '/site')).toBe(expected)
})
