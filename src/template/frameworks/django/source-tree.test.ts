import { expect, test } from 'vitest'
import { createSourceTree } from './source-tree.ts'

const FILES = [
  'manage.py',
  'pkg/__init__.py',
  'pkg/a.py',
  'pkg/sub/__init__.py',
  'pkg/sub/b.py',
  'names/space/c.py',
  'both/__init__.py',
  'both.py',
  'libs/lib.py',
  'libs/email.py',
  'pkg/json.py',
  'src/deep/d.py',
  'data.txt',
]

function resolve(statement: string, from = 'manage.py', anyFolderIsRoot = false): string[] {
  return [
    ...createSourceTree({ files: FILES, roots: ['', 'src'], anyFolderIsRoot }).resolve(statement, from),
  ].toSorted()
}

test.each<[string, string[]]>([
  ['pkg', ['pkg/__init__.py']],
  ['pkg.a', ['pkg/__init__.py', 'pkg/a.py']],
  ['pkg a', ['pkg/__init__.py', 'pkg/a.py']],
  ['pkg.a SOMETHING', ['pkg/__init__.py', 'pkg/a.py']],
  ['pkg.sub b x', ['pkg/__init__.py', 'pkg/sub/__init__.py', 'pkg/sub/b.py']],
  ['pkg *', ['pkg/__init__.py', 'pkg/a.py', 'pkg/json.py']],
  ['names.space c', ['names/space/c.py']],
  ['both', ['both.py', 'both/__init__.py']],
  ['deep.d', ['src/deep/d.py']],
  ['lib', ['libs/lib.py']],
  ['django.db models', []],
  ['json', []],
  ['os.path join', []],
])('%s', (statement, expected) => {
  expect(resolve(statement)).toEqual(expect.arrayContaining(expected))
  expect(resolve(statement).filter((path) => !expected.includes(path) && path !== 'pkg/__init__.py')).toEqual([])
})

test('relative imports begin at the package of the file', () => {
  expect(resolve('. a', 'pkg/sub/b.py')).not.toContain('pkg/a.py')
  expect(resolve('.. a', 'pkg/sub/b.py')).toContain('pkg/a.py')
  expect(resolve('..a x', 'pkg/sub/b.py')).toContain('pkg/a.py')
  expect(resolve('.b', 'pkg/sub/__init__.py')).toContain('pkg/sub/b.py')
  expect(resolve('.lib', 'libs/email.py')).toEqual(['libs/lib.py'])
})

test('where the project changes the path, a module may be in any folder', () => {
  expect(resolve('json', 'manage.py', true)).toContain('pkg/json.py')
})

test('*.name is every module of that name', () => {
  expect(resolve('*.c')).toEqual(['names/space/c.py'])
})
