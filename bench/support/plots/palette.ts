/** Each colour on a light background, and what it becomes on a dark one. */
const ON_DARK = {
  '#ffffff': '#0d1117',
  '#1f2328': '#e6edf3',
  '#59636e': '#9198a1',
  '#d1d9e0': '#3d444d',
  '#0969da': '#4493f8',
  '#8250df': '#ab7df8',
  '#bc4c00': '#f0883e',
  '#1a7f37': '#3fb950',
  '#bf3989': '#db61a2',
  '#7d4e00': '#d29922',
} as const

type Colour = keyof typeof ON_DARK

export const PAPER: Colour = '#ffffff'
export const INK: Colour = '#1f2328'
export const MUTED: Colour = '#59636e'
export const GRID: Colour = '#d1d9e0'
export const OURS: readonly Colour[] = ['#0969da', '#8250df']
export const OTHERS: readonly Colour[] = ['#bc4c00', '#1a7f37', '#bf3989', '#7d4e00', '#59636e']

/**
 * The style sheet that makes a drawing in these colours dark where the reader's system is. It works in an `<img>` too, and
 * what knows no style sheets shows the light one.
 */
export function darkStyle(): string {
  const rules = Object.entries(ON_DARK).map(
    ([light, dark]) => `[fill="${light}"] { fill: ${dark} } [stroke="${light}"] { stroke: ${dark} }`,
  )
  return `<style>\n@media (prefers-color-scheme: dark) {\n${rules.join('\n')}\n}\n</style>`
}
