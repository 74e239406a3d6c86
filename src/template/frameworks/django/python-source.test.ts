import { expect, test } from 'vitest'
import { readPython } from './python-source.ts'

function code(source: string): string[] {
  return readPython(source)
    .lines.map((line) => line.trim())
    .filter((line) => line !== '')
}

test('comments go, strings become numbers, and a statement is one line', () => {
  const { strings, lines } = readPython(
    'a = 1  # import x\nb = [  # import y\n  "one",\n  \'two\',\n]\nc = d + \\\n  e\n',
  )
  expect(strings).toEqual(['one', 'two'])
  expect(lines.map((line) => line.replaceAll(/\s+/g, ' ').trim()).slice(0, 3)).toEqual([
    'a = 1',
    'b = [ "0", "1", ]',
    'c = d + e',
  ])
})

test.each<[string, string, string[]]>([
  ['a triple-quoted string with quotes in it', '"""import a\n\'\'\' "x" \n"""\nimport b', ["import a\n''' \"x\" \n"]],
  ['an escaped quote', `x = 'it\\'s import a'\nimport b`, [`it\\'s import a`]],
  ['a raw string that ends in a backslash and a quote', `x = r'\\' import a'\nimport b`, [`\\' import a`]],
  ['an escaped backslash before the end', `x = '\\\\'\nimport b`, ['\\\\']],
  ['a continued string', `x = 'one \\\n import a'\nimport b`, ['one \\\n import a']],
  ['an empty string, and one beside it', `x = '' ""\nimport b`, ['', '']],
  ['prefixes in any case', `x = Rb'a' + BR"b" + u'c'\nimport b`, ['a', 'b', 'c']],
  ['a keyword that ends like a prefix', `x = 1 if"a"else'b'\nimport b`, ['a', 'b']],
  ['carriage returns', `"""import a\r\n"""\r\nimport b\r\n`, ['import a\r\n']],
  ['a string that never ends', `x = 'import a\nimport b`, ['import a']],
])('%s', (_what, source, expected) => {
  const read = readPython(source)
  expect(read.strings).toEqual(expected)
  expect(read.lines.map((line) => line.trim())).toContain('import b')
  expect(read.lines.join('\n')).not.toContain('import a')
})

test('in f-strings only the expressions are code', () => {
  expect(code(`x = f'import a {{import b}} {load("c")!r:>{width}} import d'`)).toEqual([`x = ''(load("0")!r(width))`])
  expect(code(`x = f"{f'{inner}'}" + f"{names["nested"]}" + f'''{\n  y\n}'''`)).toEqual([
    `x = ''(''(inner)) + ''(names["0"]) + ''(   y )`,
  ])
  expect(code(`x = f'{a:'>10}'\nimport b`)).toContain('import b')
  expect(code(String.raw`x = f'\N{BULLET} \{y}' + rf'\d{{2}}{z}'`)).toEqual([`x = ''(y) + ''(z)`])
})

test('code that is broken or very long is read to its end', () => {
  expect(code(')))\n"""')).toEqual([')))', '"0"'])
  expect(code('f"{')).toEqual([`''()`])
  expect(readPython(`x = (${'"a", '.repeat(50_000)})\nimport b`).lines.at(-1)).toBe('import b')
})
