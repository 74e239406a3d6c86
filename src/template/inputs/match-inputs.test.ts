import { expect, test } from 'vitest'
import { globsThatMatchNothing, matchInputs } from './match-inputs.ts'

const FILES = [
  '.env',
  'blog/migrations/0001_initial.py',
  'blog/migrations/__init__.py',
  'blog/migrations/old/0000.py',
  'db/seeds.rb',
  'db/seeds/a.rb',
  'db/seeds/.hidden/b.rb',
  'fixtures/.x.json.swp',
  'fixtures/demo.json',
  'fixtures/Demo.json',
  'line\nbreak/a\nb.py',
  'migrations/0001.py',
  'requirements-dev.txt',
  'requirements.txt',
  'web/requirements.txt',
  '[odd]/(name).py',
  '!odd',
  '../shared/x.py',
  '../shared/sub/y.py',
  '../../top.py',
]

test.for([
  [['**/migrations/**/*.py'], [1, 2, 3, 11]],
  [['requirements*.txt'], [12, 13]],
  [['**/requirements*.txt'], [12, 13, 14]],
  [['db/seeds.rb'], [4]],
  [['./db/seeds.rb'], [4]],
  [['db/*'], [4]],
  [['db/seeds'], [5]],
  [['db/seeds/'], [5]],
  [['db/s*s/**'], [5]],
  [['fixtures/**'], [8, 9]],
  [
    ['fixtures/**', 'fixtures/.*'],
    [7, 8, 9],
  ],
  [['db/seeds/.hidden/*'], [6]],
  [['.env*'], [0]],
  [['.*'], [0]],
  [['**/.env'], [0]],
  [['fixtures/demo.json'], [8]],
  [['FIXTURES/**'], []],
  [['{db,web}/**'], [4, 5, 14]],
  [['**/000[01]*.py'], [1, 3, 11]],
  [['**/a?b.py'], [10]],
  [['**/a*b.py'], [10]],
  [['\\[odd\\]/\\(name\\).py'], [15]],
  [['\\[odd\\]/(name).py'], [15]],
  [['\\[odd\\]/(*).py'], [15]],
  [['\\[odd\\]/*[)].py'], [15]],
  [['requirements(.txt|-dev.txt)'], []],
  [['\\!odd'], [16]],
  [['?odd', '!!odd'], []],
  [['?odd*', '!!*x'], [16]],
  [['.*/**', '.?/**', '[.]./**'], []],
  [
    ['**/*.py', '!**/old/**', '!**/__init__.py'],
    [1, 10, 11, 15],
  ],
  [
    ['**/*.py', '!**/migrations/**', 'migrations/*.py'],
    [10, 11, 15],
  ],
  [['!**/*.py'], []],
  [['!**/*.py', 'migrations/*'], [11]],
  [['../shared/*.py'], [17]],
  [['../shared/**'], [17, 18]],
  [['../shared'], [17, 18]],
  [['../shared/**', '!../shared/sub/**'], [17]],
  [['../**'], [17, 18]],
  [['..'], [17, 18]],
  [['../../*.py'], [19]],
  [['*.py'], []],
  [[], []],
] as const)('%j', ([globs, expected]) => {
  expect(matchInputs(FILES, globs)).toEqual(expected.map((index) => FILES[index]))
})

test('** is every file but those with a dot in front, and nothing outside', () => {
  const isPlain = (path: string): boolean => !/(^|\/)\./.test(path)
  expect(matchInputs(FILES, ['**'])).toEqual(FILES.filter(isPlain))
})

test.for(['', '!', '/etc/passwd', '!/etc/passwd', 'a/../b', '../a/../b', 'a/..'])('%j is refused by name', (glob) => {
  expect(() => matchInputs(FILES, ['**', glob])).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION', message: expect.stringContaining(`"${glob}"`) }),
  )
})

test('patterns that match no file are told, also those that only take out', () => {
  const globs = ['**/*.py', 'typo/**', '!nothing', '!**/__init__.py', '../shared/*.rb']
  expect(globsThatMatchNothing(FILES, globs)).toEqual(['typo/**', '!nothing', '../shared/*.rb'])
})
