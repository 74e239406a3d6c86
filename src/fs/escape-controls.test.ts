import { expect, test } from 'vitest'
import { harmlessForTerminal, onOneLine } from './escape-controls.ts'

test('what drives a terminal or reorders its text is escaped, and lines, tabs and our own colours stay', () => {
  expect(harmlessForTerminal('a\tb\nc \x1b[31mred\x1b[39m é 👩‍💻')).toBe('a\tb\nc \x1b[31mred\x1b[39m é 👩‍💻')
  expect(harmlessForTerminal('\x1b[2J\x1b]0;t\x07\x1b[8mhidden\x9b31m\r\u202e\u2066\u2028\x7f\0')).toBe(
    String.raw`\x1b[2J\x1b]0;t\x07\x1b[8mhidden\u009b31m\r\u202e\u2066\u2028\u007f\x00`,
  )
})

test('JSON stays the same JSON', () => {
  const value = { 'a\x1b\x9b\u202e\x7f': '\u2028\n\0\ud800' }
  expect(JSON.parse(harmlessForTerminal(JSON.stringify(value)))).toEqual(value)
})

test('a name with a line break is on one line, and in no colour of its own', () => {
  expect(onOneLine('a\ndevshm: \x1b[32msaved')).toBe(String.raw`a\ndevshm: \x1b[32msaved`)
})
