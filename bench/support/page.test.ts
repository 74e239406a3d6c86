import { expect, test } from 'vitest'
import { renderPage } from './page.ts'
import type { Part } from './results.ts'

function part(name: string, at: string, memory: string): Part {
  const report = { title: name, about: [], tables: [], goals: [] }
  return { name, run: { at, runs: 7, machine: [`Memory: ${memory}`, 'Disk: ext4'] }, report, leftOut: [], failed: [] }
}

test('a page of one run says so once', () => {
  const at = '2026-11-26T17:15:50.123Z'
  const page = renderPage([part('Start-up', at, '8 GB'), part('Reset', at, '8 GB')])
  expect(page).toContain(
    'All of it is of one run, of 2026-11-26 17:15 UTC:\n\n- Memory: 8 GB\n- Disk: ext4\n\n## Start-up',
  )
  expect(page).not.toContain('another run')
})

test('a page of several runs says which section is of which, with the machine of each', () => {
  const page = renderPage([
    part('Start-up', '2026-11-26T17:15:50.123Z', '8 GB'),
    part('Reset', '2026-11-27T09:00:00.000Z', '16 GB'),
    part('Clones', '2026-11-26T17:15:50.123Z', '8 GB'),
  ])
  expect(page).toContain(
    `Not all sections are of the same run; only figures of one section may be compared.

The latest run, of 2026-11-27 09:00 UTC: Reset

- Memory: 16 GB
- Disk: ext4

Earlier runs, with what was different:

- 2026-11-26 17:15 UTC: Start-up; Clones. Memory: 8 GB

## Start-up

Measured in another run, of 2026-11-26 17:15 UTC.

## Reset

## Clones

Measured in another run, of 2026-11-26 17:15 UTC.
`,
  )
})
