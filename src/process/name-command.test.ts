import { expect, test } from 'vitest'
import { nameCommand } from './name-command.ts'

test('a command is named in one short line, without what a terminal would obey', () => {
  expect(nameCommand(['python3', '-c', '\nimport os\n\x1b[2Jos.fork()\n'])).toBe('python3 -c import os [2Jos.fork()')
  expect(nameCommand(['x'.repeat(200)])).toBe(`${'x'.repeat(79)}…`)
})
