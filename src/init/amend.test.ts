import { expect, test } from 'vitest'
import { parseConfiguration } from '../project/parse-configuration.ts'
import { amend } from './amend.ts'
import { sectionsOf, writeConfiguration } from './write-configuration.ts'

const PROPOSAL = {
  root: '/shop',
  framework: 'Knex',
  isPreset: true,
  others: [],
  databases: { dev: { path: 'dev.sqlite3' } },
  env: undefined,
  setup: [{ run: 'knex migrate:latest', inputs: [], incremental: true }],
  maybeLeadBy: ['SHOP_DATABASE'],
  toFillIn: [],
}
const { databases, setup } = PROPOSAL

function amended(text: string): ReturnType<typeof amend> {
  return amend(text, 'devshm.config.json', sectionsOf(PROPOSAL))
}

test('what was written says it all, and stays to the letter', () => {
  const text = writeConfiguration(PROPOSAL)
  expect(parseConfiguration(text, { path: 'x', under: [] })).toEqual({ databases, setup })
  expect(amended(text)).toEqual({ text, added: [], replaced: [] })
})

test.each([
  '{}',
  '{ }',
  '{\n}\n',
  '{ "saveEvery": 10 }',
  '{\n  "saveEvery": 10\n}\n',
  '// Ours.\n{\n  // Often.\n  "saveEvery": 10, // or more?\n}\n',
  '{ // Ours.\n  "saveEvery": 10\n}',
  '{ /* Ours,\n and yours */ "saveEvery": 10 }',
  '{\r\n  // Often.\r\n  "saveEvery": 10\r\n}\r\n',
])('to %j what is missing is added, and each comment stays where it was', (text) => {
  const { text: after, ...keys } = amended(text)
  expect(keys).toEqual({ added: ['databases', 'setup'], replaced: [] })
  const before = parseConfiguration(text, { path: 'x', under: [] })
  expect(parseConfiguration(after, { path: 'x', under: [] })).toEqual({ ...before, databases, setup })
  // All that was there is there, in its order.
  for (const line of text.split('\n').filter((each) => each.includes('//'))) expect(after).toContain(line)
  expect(after.includes('\r')).toBe(text.includes('\r'))
  if (text.includes('\r')) expect(after.replaceAll('\r\n', '')).not.toContain('\n')
  expect(amended(after)).toEqual({ text: after, added: [], replaced: [] })
})

test('another step is replaced, and what is around it stays', () => {
  const text = `{
  // My words.
  "setup": [
    { "run": "make database" }, // lost, and shown to be
  ],
  "journal": "wal", // needed
}
`
  const { text: after, ...keys } = amended(text)
  expect(keys).toEqual({ added: ['databases'], replaced: ['setup'] })
  expect(parseConfiguration(after, { path: 'x', under: [] })).toEqual({ databases, setup, journal: 'wal' })
  expect(after).toContain('  // My words.\n  "setup": [\n    { "run": "knex migrate:latest"')
  expect(after).toContain('  "journal": "wal", // needed\n}\n')
})

test('variables are added only together with the steps that they lead', () => {
  const sections = sectionsOf({ ...PROPOSAL, env: { URL: 'file:{path}' } })
  expect(amend('{}', 'x', sections).added).toEqual(['databases', 'env', 'setup'])
  expect(amend(JSON.stringify({ setup }), 'x', sections).added).toEqual(['databases'])
})

test('odd names and long commands are written so that they are read again', () => {
  const odd = {
    ...PROPOSAL,
    databases: { a: { path: 'a "b"\n//c\u202E.sqlite3' }, b: { path: '\\' } },
    env: { A: '{path:a}', B: '/* */' },
    setup: [
      { run: `cd 'x y' && ${'very '.repeat(40)}long`, inputs: ['a/**', '*/ b'], variables: ['A', 'B'] },
      { run: 'b' },
    ],
    toFillIn: ['put the name in place of APP'],
  }
  const { databases: two, env, setup: steps } = odd
  expect(parseConfiguration(writeConfiguration(odd), { path: 'x', under: [] })).toEqual({
    databases: two,
    env,
    setup: steps,
  })
})
