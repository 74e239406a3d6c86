import { median } from '../statistics.ts'
import type { Drawing } from './draw.ts'
import { GRID, INK, MUTED, OURS } from './palette.ts'
import { measuredOf, type Dots, type Row } from './plot.ts'
import { bounds, decadeLabel, short } from './scale.ts'
import { FONT, HEADING, heading, PER_LETTER, WIDTH } from './style.ts'

const ROW = 26
/** For the label of the last decade, and for a value that lies there. */
const RIGHT = 84
const BELOW = 34

/** What ECharts passes to a function that draws one datum. */
interface Api {
  value(dimension: number): number
  coord(at: readonly [number, number]): readonly [number, number]
}

/** The name of each row at its left, its value at its right: nothing is to be looked up in a legend. */
export function dotsOption(plot: Dots): Drawing {
  const rows = measuredOf(plot)
  const [min, max] = bounds(rows.flatMap(({ values }) => values))
  const labels = rows.map(({ label }) => label.replaceAll('`', ''))
  const left = 16 + PER_LETTER * Math.max(0, ...labels.map((label) => label.length))
  const option = {
    title: heading(plot.title, 'logarithmic; median, and least to greatest'),
    grid: { left, right: RIGHT, top: HEADING, bottom: BELOW },
    xAxis: {
      type: 'log',
      min,
      max,
      axisLabel: { color: MUTED, fontFamily: FONT, formatter: (value: number) => decadeLabel(value, plot.unit) },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: GRID } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: labels.map((value, index) => ({
        value,
        textStyle: { color: colourOf(rows[index]), ...weight(rows[index]) },
      })),
      axisLabel: { fontFamily: FONT, fontSize: 12, interval: 0 },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        data: rows.map(({ values }, row) => [median(values), row, Math.min(...values), Math.max(...values)]),
        renderItem: (_: unknown, api: Api) => row(api, plot.unit, rows[api.value(1)]),
      },
    ],
  }
  return { width: WIDTH, height: HEADING + ROW * rows.length + BELOW, option }
}

function row(api: Api, unit: string, of: Row | undefined): Readonly<Record<string, unknown>> {
  const line = api.value(1)
  const [x, y] = api.coord([api.value(0), line])
  const [[from], [to]] = [api.coord([api.value(2), line]), api.coord([api.value(3), line])]
  const colour = colourOf(of)
  const text = short(api.value(0), unit)
  return {
    type: 'group',
    children: [
      { type: 'line', shape: { x1: from, y1: y, x2: to, y2: y }, style: { stroke: colour, lineWidth: 2 } },
      { type: 'circle', shape: { cx: x, cy: y, r: 4.5 }, style: { fill: colour } },
      {
        type: 'text',
        x: Math.max(to, x + 4.5) + 7,
        y,
        style: { text, fill: INK, font: `12px ${FONT}`, verticalAlign: 'middle' },
      },
    ],
  }
}

function colourOf(row: Row | undefined): string {
  return row?.isOurs === true ? (OURS[0] ?? INK) : MUTED
}

function weight(row: Row | undefined): { readonly fontWeight?: 'bold' } {
  return row?.isOurs === true ? { fontWeight: 'bold' } : {}
}
