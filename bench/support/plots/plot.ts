import { median, round } from '../statistics.ts'

interface Drawn {
  /** Its name in `docs/benchmarks/`. */
  readonly file: `${string}.svg`
  readonly title: string
  readonly unit: string
}

/** A line for each contender: its median as a dot, and from the least to the greatest. */
export interface Dots extends Drawn {
  readonly kind: 'dots'
  readonly rows: readonly Row[]
}

export interface Row {
  readonly label: string
  /** Round by round; one that was not measured is not drawn. */
  readonly values: readonly number[]
  readonly isOurs?: boolean
}

/** How something grows: a curve for each contender, both axes logarithmic. */
export interface Curves extends Drawn {
  readonly kind: 'curves'
  readonly x: string
  readonly curves: readonly Curve[]
}

export interface Curve {
  readonly label: string
  readonly isOurs?: boolean
  readonly points: readonly { readonly x: number; readonly values: readonly number[] }[]
}

export type Plot = Dots | Curves

/** What there is to draw of it. */
export function measuredOf(plot: Dots): readonly Row[]
export function measuredOf(plot: Curves): readonly Curve[]
export function measuredOf(plot: Plot): readonly Row[] | readonly Curve[] {
  if (plot.kind === 'dots') return plot.rows.filter(({ values }) => values.length > 0)
  return plot.curves
    .map((curve) => ({ ...curve, points: curve.points.filter(({ values }) => values.length > 0) }))
    .filter(({ points }) => points.length > 0)
}

/** The plot in words, for who does not see it. */
export function altOf(plot: Plot): string {
  const facts =
    plot.kind === 'dots'
      ? measuredOf(plot).map(({ label, values }) => `${label} ${round(median(values))} ${plot.unit}`)
      : measuredOf(plot).map(({ label, points }) => `${label} ${fromTo(points, plot.unit)}`)
  return `${plot.title}: ${facts.join('; ')}`.replaceAll(/[`[\]]/g, '')
}

function fromTo(points: Curve['points'], unit: string): string {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return ''
  const at = ({ x, values }: typeof first): string => `${round(median(values))} ${unit} at ${x.toLocaleString('en')}`
  return first === last ? at(first) : `from ${at(first)} to ${at(last)}`
}
