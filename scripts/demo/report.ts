/** One line of the table; times in milliseconds. */
export interface Step {
  readonly name: string
  readonly onDisk: number
  readonly inRam: number
  /** What devshm itself reports of `inRam`. */
  readonly devshm: number
}

/** The steps in columns. */
export function renderTable(steps: readonly Step[]): string {
  const rows = steps.map(({ name, onDisk, inRam, devshm }) => {
    return row(name, seconds(onDisk), seconds(inRam), devshm === 0 ? '' : `${Math.round(devshm)} ms`)
  })
  return [row('step', 'on disk', 'in RAM', 'attach, save'), `  ${'-'.repeat(74)}`, ...rows].join('\n')
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

function row(name: string, ...cells: string[]): string {
  return `  ${name.padEnd(32)}${cells.map((cell) => cell.padStart(14)).join('')}`.trimEnd()
}
