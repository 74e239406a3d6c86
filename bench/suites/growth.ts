import { clones } from '../support/growth/clones.ts'
import type { Dimension } from '../support/growth/dimension.ts'
import { inputs } from '../support/growth/inputs.ts'
import { migrations } from '../support/growth/migrations.ts'
import { rows } from '../support/growth/rows.ts'
import { createPlace } from '../support/place.ts'
import type { Curves } from '../support/plots/plot.ts'
import { spread, type Report, type Table } from '../support/report.ts'
import type { Results } from '../support/rounds.ts'
import { growth, median } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'growth'

const DIMENSIONS = [rows, migrations, inputs, clones]

/** What more rows, migrations, inputs and clones cost, by hand and with devshm. */
export async function run(bench: Bench): Promise<Report> {
  const plots: Curves[] = []
  for (const dimension of DIMENSIONS) plots.push(...(await measure(dimension, bench)))
  return {
    title: 'How it grows',
    about: [
      'Whole processes, but for clones, which are of one process, and for seeing that nothing changed, which is timed within\n' +
        'one that has just started. Rows have about a hundred bytes, and an index: a million are 120 MB. A template by hand is\n' +
        'what it is under Reset. The last column is the power of what is counted that the time grows with, from the least to\n' +
        'the most: 1 is in proportion, 0 not at all.',
    ],
    tables: plots.map(tableOf),
    plots,
    goals: [],
  }
}

async function measure(dimension: Dimension, bench: Bench): Promise<Curves[]> {
  const sizes = bench.isQuick ? dimension.quickSizes : dimension.sizes
  const found: { readonly x: number; readonly results: Results }[] = []
  for (const x of sizes) {
    const results = await bench.attempt(`${x.toLocaleString('en')} ${dimension.x}`, async () => {
      using place = createPlace()
      await using held = await dimension.contendersAt(x, place, bench)
      return await bench.measure(held.contenders)
    })
    if (results !== undefined) found.push({ x, results })
  }
  return dimension.plots.map(({ file, title, unit, ways }) => ({
    kind: 'curves',
    file,
    title,
    unit,
    x: dimension.x,
    curves: ways.map(({ label, isOurs = false, contender, quantity = 'ms' }) => ({
      label,
      isOurs,
      points: found.map(({ x, results }) => ({ x, values: results.of(contender, quantity) })),
    })),
  }))
}

function tableOf({ title, unit, curves }: Curves): Table {
  const sizes = curves[0]?.points.map(({ x }) => x.toLocaleString('en')) ?? []
  return {
    head: [title, ...sizes, 'grows with the power'],
    rows: curves.map(({ label, points }) => {
      const measured = points.filter(({ values }) => values.length > 0)
      const power =
        measured.length < 2 ? '–' : growth(measured.map(({ x, values }) => ({ x, y: median(values) }))).toFixed(2)
      return [label, ...points.map(({ values }) => spread(values, unit)), power]
    }),
  }
}
