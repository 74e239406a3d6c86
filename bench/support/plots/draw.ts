import { createRequire } from 'node:module'
import { curvesOption } from './curves-option.ts'
import { dotsOption } from './dots-option.ts'
import { darkStyle, PAPER } from './palette.ts'
import type { Plot } from './plot.ts'

/** A plot with its size in pixels, for ECharts. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly option: Readonly<Record<string, unknown>>
}

/** What is used of ECharts, whose own types need those of a browser. */
interface Charts {
  init(
    element: null,
    theme: null,
    options: { readonly renderer: 'svg'; readonly ssr: true; readonly width: number; readonly height: number },
  ): { setOption(option: Drawing['option']): void; renderToSVGString(): string; dispose(): void }
}

/** As SVG; the same text for the same plot. */
export function draw(plot: Plot): string {
  const charts = createRequire(import.meta.url)('echarts') as Charts
  const { width, height, option } = plot.kind === 'dots' ? dotsOption(plot) : curvesOption(plot)
  const chart = charts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, backgroundColor: PAPER, ...option })
    return forAPage(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}

/** Without what a script in a browser would go by, and with the colours of both themes. */
function forAPage(svg: string): string {
  return svg
    .replaceAll(/<style ?>.*?<\/style>\s*/gs, '')
    .replaceAll(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, 'plot-')
    .replace(/^(<svg [^>]*>\n?)/, `$1${darkStyle()}\n`)
    .replace(/\n*$/, '\n')
}
