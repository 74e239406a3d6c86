import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quoted } from './quoted.ts'

test.each(['', 'plain/path-1.sqlite3', 'with space', "it's", '$(touch x)', '`x`', 'a\\b', 'ü', '*', '~', 'a\nb'])(
  'a shell reads %j as one word, itself',
  (word) => {
    expect(execFileSync('/bin/sh', ['-c', `printf '%s|' ${quoted(word)}`], { encoding: 'utf8' })).toBe(`${word}|`)
  },
)

test('what needs no quotes gets none', () => {
  expect(quoted('/dev/shm/devshm-0/db.sqlite3')).toBe('/dev/shm/devshm-0/db.sqlite3')
})
