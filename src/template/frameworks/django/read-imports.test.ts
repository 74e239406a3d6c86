import { expect, test } from 'vitest'
import { readPython } from './python-source.ts'
import { statementsOf } from './python-statements.ts'
import { importsOf, textOfImport } from './read-imports.ts'

function read(source: string): { now: string[]; later: string[]; isDynamic: boolean } {
  const python = readPython(source)
  const all = statementsOf(python).map((each) => ({ ...each, ...importsOf(each, python.strings) }))
  const of = (isLater: boolean): string[] =>
    all.filter((each) => each.isLater === isLater).flatMap(({ imports }) => imports.map(textOfImport))
  return { now: of(false), later: of(true), isDynamic: all.some((each) => each.isDynamic) }
}

test.each<[string, string[]]>([
  ['import a', ['a']],
  ['import a.b as c, d . e', ['a.b', 'd.e']],
  ['from a import b', ['a b']],
  ['from a.b import c as d, e', ['a.b c e']],
  ['from a import *', ['a *']],
  ['from . import x', ['. x']],
  ['from.a import b', ['.a b']],
  ['from ... a . b import c', ['...a.b c']],
  ['from .. import(x, y)', ['.. x y']],
  ['from a import (  # why\n    b,  # and\n    c as d,\n)', ['a b c']],
  ['from a \\\n  import b, \\\n  c', ['a b c']],
  ['import a; from b import c; import d', ['a', 'b c', 'd']],
  ['if x: import a\nelse: from b import c', ['a', 'b c']],
  ['try:\n\timport a\nexcept ImportError:\n\ta = None', ['a']],
  ['class A:\n  from b import c', ['b c']],
  ['from größe import maß', ['größe maß']],
  ['\uFEFFimport a', ['a']],
  ['\r\nimport a\rimport b', ['a', 'b']],
  ['raise X from error', []],
  ['def f():\n  yield from imports', []],
  ['reimport = important.imports', []],
  ['"""\nimport a\n"""\nx = "import b"  # import c', []],
  ["x = '''it's\nfrom a import b'''", []],
])('%j', (source, expected) => {
  const { now, later, isDynamic } = read(source)
  expect({ now: now.toSorted(), later, isDynamic }).toEqual({ now: expected.toSorted(), later: [], isDynamic: false })
})

test('what functions import comes later, but not what follows them', () => {
  const source = `
def one(): import a
async def two():
    if x:
        from b import c
    class D:
        import e
def three(
    x=1,
):
  import f
import g
class H:
    def four(self):
        import i
    import j
`
  expect(read(source)).toEqual({ now: ['g', 'j'], later: ['a', 'b c', 'e', 'f', 'i'], isDynamic: false })
})

test('what only a type checker imports is not imported', () => {
  const source = `
if TYPE_CHECKING:
    from a import b
else:
    from c import d
if typing.TYPE_CHECKING: import e
if not TYPE_CHECKING:
    import f
import g
`
  expect(read(source).now).toEqual(['c d', 'f', 'g'])
})

test.each<[string, string[]]>([
  [`importlib.import_module('a.b')`, ['a.b']],
  [`x = import_module("a")`, ['a']],
  [`import_module('.a', __package__)`, ['.a']],
  [`import_module('.a', package=__name__)`, ['.a']],
  [`__import__('a')`, ['a']],
  [`import_string('a.b.C')()`, ['a.b.C']],
  [`autodiscover_modules('signals')`, ['*.signals']],
  [`x = f"{import_module('a')}"`, ['a']],
])('%s is an import', (source, expected) => {
  expect(read(source)).toEqual({ now: expected, later: [], isDynamic: false })
})

test.each([
  'importlib.import_module(name)',
  `import_module('a.' + name)`,
  `import_module('a' 'b')`,
  `import_module(f'a.{name}')`,
  `import_module('.a', package='b')`,
  'loader = importlib.import_module',
  'from importlib import import_module as load',
  'map(import_string, names)',
  '__import__(name)',
  `exec(open('x').read())`,
  'for m in pkgutil.iter_modules(path): pass',
  'runpy.run_path(path)',
])('%s could import anything', (source) => {
  expect(read(source).isDynamic).toBe(true)
})

test.each([
  'from importlib import import_module',
  'import importlib',
  'cursor.execute(sql)',
  'importlib.metadata.version("a")',
  '# import_module(x)',
])('%s imports nothing that is not said', (source) => {
  expect(read(source).isDynamic).toBe(false)
})
