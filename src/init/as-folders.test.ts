import { array, assert, boolean, constantFrom, infiniteStream, property, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import { matchInputs } from '../template/inputs/match-inputs.ts'
import { asFolders } from './as-folders.ts'

const ALL = ['.env', 'app/a.rb', 'app/b/c.rb', 'lib/x.js', 'lib/y.js', 'seeds/.keep', 'seeds/1.js', 'seeds/deep/2.js']

test.each([
  { files: ['seeds/1.js', 'seeds/deep/2.js'], globs: ['seeds/**'] },
  { files: ['seeds/deep/2.js'], globs: ['seeds/deep/**'] },
  { files: ['lib/x.js'], globs: ['lib/x.js'] },
  { files: ['lib/x.js', 'app/b/c.rb'], globs: ['app/b/**', 'lib/x.js'] },
  { files: ['.env', 'seeds/.keep'], globs: ['.env', 'seeds/.keep'] },
  { files: [], globs: [] },
])('$files are said by $globs', ({ files, globs }) => {
  expect(asFolders(files, ALL)).toEqual(globs)
})

test('whatever the files are, the globs match just these', () => {
  const name = constantFrom('a', 'b', '.c', 'd[0]', 'e.js')
  const path = array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
  assert(
    property(uniqueArray(path, { maxLength: 12 }), infiniteStream(boolean()), (paths, isWanted) => {
      // A file is no folder of another one.
      const all = paths.filter((each) => !paths.some((other) => other.startsWith(`${each}/`))).toSorted()
      const files = all.filter(() => isWanted.next().value)
      expect(matchInputs(all, asFolders(files, all))).toEqual(files)
    }),
  )
})
