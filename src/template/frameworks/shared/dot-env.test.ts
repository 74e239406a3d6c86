import { expect, test } from 'vitest'
import { dotEnvInputs } from './dot-env.ts'
import { projectOf } from './project-for-tests.ts'

const inputs = (files: Record<string, string>): Record<string, string | undefined> =>
  Object.fromEntries(dotEnvInputs(projectOf(files), '', 'test', ['DB', 'KEY']).map(({ path, hash }) => [path, hash]))

test('only the variables that are read are inputs, and no value can be seen', () => {
  const found = inputs({
    '.env': 'DB=a.sqlite3\nSECRET=hunter2\n',
    '.env.test': 'export KEY = "x"\n',
    '.env.production': 'DB=b',
  })
  expect(Object.keys(found)).toEqual(['.env#DB', '.env.test#KEY'])
  expect(JSON.stringify(found)).not.toMatch(/a\.sqlite3|hunter2/)
})

test('a value may have several lines', () => {
  const one = inputs({ '.env': 'KEY="a\nb"\nDB=1\n' })
  const other = inputs({ '.env': 'KEY="a\nc"\nDB=1\n' })
  expect(one['.env#DB']).toBe(other['.env#DB'])
  expect(one['.env#KEY']).not.toBe(other['.env#KEY'])
})
