import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SUITES } from '../suites/all.ts'
import { DOCS, plotsThere, renderAll } from './write-page.ts'

test('the page and its plots are what was measured, and nothing else: npm run bench -- --render', () => {
  const { missing, files } = renderAll(SUITES)
  expect(missing).toEqual([])
  expect(['benchmarks.md', ...plotsThere().toSorted()]).toEqual([...files.keys()].toSorted())
  for (const [path, text] of files) expect(readFileSync(join(DOCS, path), 'utf8') === text, path).toBe(true)
})
