import { median } from '../statistics.ts'
import type { Drawing } from './draw.ts'
import { GRID, INK, MUTED, OTHERS, OURS } from './palette.ts'
import { measuredOf, type Curve, type Curves } from './plot.ts'
import { bounds, decadeLabel, shortCount } from './scale.ts'
import { FONT, HEADING, heading, PER_LETTER, WIDTH } from './style.ts'

const HEIGHT = 400
const BELOW = 52
const LEFT = 64

/** What ECharts passes to a function that draws one datum. */
interface Api {
  value(dimension: number): number
  coord(at: readonly [number, number]): readonly [number, number]
}

/** Each curve has its name at its end, which ECharts moves up or down where two would overlap. */
export function curvesOption(plot: Curves): Drawing {
  const curves = measuredOf(plot)
  const points = curves.flatMap(({ points }) => points)
  const [xMin, xMax] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))]
  const [min, max] = bounds(points.flatMap(({ values }) => values))
  const right = 20 + PER_LETTER * Math.max(0, ...curves.map(({ label }) => label.replaceAll('`', '').length))
  const option = {
    title: heading(plot.title, 'both axes logarithmic; median, and least to greatest'),
    grid: { left: LEFT, right, top: HEADING, bottom: BELOW },
    xAxis: {
      ...axis(xMin, xMax, shortCount),
      name: plot.x,
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle: { color: INK, fontFamily: FONT, fontSize: 12 },
    },
    yAxis: axis(min, max, (value) => decadeLabel(value, plot.unit)),
    series: coloured(curves).flatMap(({ curve, colour }) => [lineOf(curve, colour), spreadsOf(curve, colour)]),
  }
  return { width: WIDTH, height: HEIGHT, option }
}

function axis(min: number, max: number, formatter: (value: number) => string): Readonly<Record<string, unknown>> {
  return {
    type: 'log',
    min,
    max,
    axisLabel: { color: MUTED, fontFamily: FONT, formatter },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: GRID } },
  }
}

function coloured(curves: readonly Curve[]): { readonly curve: Curve; readonly colour: string }[] {
  const left = { ours: [...OURS], others: [...OTHERS] }
  return curves.map((curve) => {
    const colour = (curve.isOurs === true ? left.ours : left.others).shift()
    if (colour === undefined) throw new Error(`there are more curves than colours: ${curve.label}`)
    return { curve, colour }
  })
}

function lineOf({ label, isOurs, points }: Curve, color: string): Readonly<Record<string, unknown>> {
  return {
    type: 'line',
    silent: true,
    data: points.map(({ x, values }) => [x, median(values)]),
    symbol: 'circle',
    symbolSize: 7,
    itemStyle: { color },
    lineStyle: { color, width: isOurs === true ? 3 : 1.75 },
    endLabel: {
      show: true,
      formatter: label.replaceAll('`', ''),
      color,
      textBorderWidth: 0,
      fontFamily: FONT,
      fontSize: 12,
      lineHeight: 18,
      fontWeight: isOurs === true ? 'bold' : 'normal',
    },
    // With the room that its line has, a label that is moved does not touch the other one.
    labelLayout: { moveOverlap: 'shiftY' },
  }
}

function spreadsOf({ points }: Curve, stroke: string): Readonly<Record<string, unknown>> {
  return {
    type: 'custom',
    silent: true,
    data: points.map(({ x, values }) => [x, Math.min(...values), Math.max(...values)]),
    renderItem: (_: unknown, api: Api) => {
      const [[x1, y1], [x2, y2]] = [api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)])]
      return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 2 } }
    },
    encode: { x: 0, y: [1, 2] },
  }
}
