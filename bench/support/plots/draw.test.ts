import { expect, test } from 'vitest'
import { draw } from './draw.ts'
import { altOf, type Curves, type Dots } from './plot.ts'

const dots: Dots = {
  kind: 'dots',
  file: 'a.svg',
  title: 'One `reset`',
  unit: 'ms',
  rows: [
    { label: '`devshm reset`', values: [90, 100, 120], isOurs: true },
    { label: 'by hand & alone', values: [9000] },
    { label: 'left out', values: [] },
  ],
}

const curves: Curves = {
  kind: 'curves',
  file: 'b.svg',
  title: 'Reset, by rows',
  unit: 'ms',
  x: 'rows',
  curves: ['one', 'another'].map((label) => ({
    label,
    points: [
      { x: 1000, values: [10] },
      { x: 100_000, values: [100] },
    ],
  })),
}

test('each row is named, has its value, and is one dot; what was not measured is not drawn', () => {
  const svg = draw(dots)
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(['One reset', 'devshm reset', '100 ms', 'by hand &amp; alone', '9 s']),
  )
  expect(svg).not.toContain('left out')
  expect(svg.match(/<circle /g)).toHaveLength(2)
})

test('axes have decades only, and names that meet are moved apart', () => {
  const svg = draw(curves)
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(['1k', '10k', '100k', '10 ms', '100 ms', 'rows', 'one', 'another']),
  )
  const heights = ['one', 'another'].map((label) => heightOf(svg, label))
  expect(Math.abs((heights[0] ?? 0) - (heights[1] ?? 0))).toBeGreaterThanOrEqual(12)
})

test('the same plot is the same text, dark where the reader is, and without scripts', () => {
  const svg = draw(dots)
  expect(draw(dots)).toBe(svg)
  draw(curves)
  expect(draw(dots)).toBe(svg)
  expect(svg).toMatch(/^<svg [^>]*>\n<style>\n@media \(prefers-color-scheme: dark\)/)
  expect(svg).not.toMatch(/ecmeta|class=|<script|href=/)
})

test('the alternative text has the figures', () => {
  expect(altOf(dots)).toBe('One reset: devshm reset 100 ms; by hand & alone 9,000 ms')
  expect(altOf(curves)).toBe(
    'Reset, by rows: one from 10.0 ms at 1,000 to 100 ms at 100,000; another from 10.0 ms at 1,000 to 100 ms at 100,000',
  )
})

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text)
}

function heightOf(svg: string, label: string): number {
  const [, y] = new RegExp(`translate\\([\\d.]+ ([\\d.]+)\\)"[^>]*>${label}</text>`).exec(svg) ?? []
  return Number(y)
}
