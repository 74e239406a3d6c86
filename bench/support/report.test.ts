import { expect, test } from 'vitest'
import { atLeast, atMost, render, spread, times, type Report } from './report.ts'

test('what was not measured is a dash, and no goal is met or missed by it', () => {
  expect(spread([], 'ms')).toBe('–')
  expect(times([])).toBe('–')
  expect(atMost('a', 1, [])).toEqual({ what: 'a', wanted: 'at most 1', found: '–' })
})

test('goals are on the median', () => {
  expect(atLeast('a', 2, [1, 2, 9])).toMatchObject({ found: '2.00 ×', isMet: true })
  expect(atMost('a', 2, [1, 3, 9])).toMatchObject({ found: '3.00 ×', isMet: false })
  expect(spread([3, 1, 2], 'ms')).toBe('2.00 ms (1.00 to 3.00)')
})

test('a report says all that it found, and what it did not', () => {
  const report: Report = {
    title: 'Start-up',
    about: ['The whole process.'],
    tables: [{ head: ['', 'time'], rows: [['`node -e 0`', '26 ms']] }],
    plots: [
      { kind: 'dots', file: 'a.svg', title: 'Starts', unit: 'ms', rows: [{ label: '`node -e 0`', values: [26] }] },
    ],
    goals: [atMost('fast', 1, [2]), atMost('small', 1, [0.5]), atMost('cheap', 1, [])],
    remarks: ['Well.'],
  }
  expect(render(report, { leftOut: ['b (`b` is not installed)'], failed: ['c (no such luck)'] })).toBe(
    `## Start-up

The whole process.

|             | time  |
| ----------- | ----- |
| \`node -e 0\` | 26 ms |

![Starts: node -e 0 26.0 ms](benchmarks/a.svg)

| goal  | wanted    | found   |              |
| ----- | --------- | ------- | ------------ |
| fast  | at most 1 | 2.00 ×  | **missed**   |
| small | at most 1 | 0.500 × | met          |
| cheap | at most 1 | –       | not measured |

Well.

Left out: b (\`b\` is not installed).

**Failed**: c (no such luck).`,
  )
})
