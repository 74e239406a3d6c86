import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildBundle, existingBundle } from './support/bundle.ts'
import { describeMachine } from './support/machine.ts'
import { renderIntroduction } from './support/page.ts'
import { createPlace } from './support/place.ts'
import type { Run } from './support/results.ts'
import { runSuites } from './support/run-suites.ts'
import { RESULTS, writePage } from './support/write-page.ts'
import { SUITES } from './suites/all.ts'

const FEWEST_RUNS = 7

const HELP = `npm run bench -- [--runs N] [--only NAME]... [--quick] [--devshm JS] [--write | --render]

  --runs N     rounds to take medians of (default ${FEWEST_RUNS})
  --only NAME  one suite of ${SUITES.map(({ name }) => name).join(', ')}; may be repeated
  --quick      small sizes and 2 rounds: to see that it works
  --devshm JS  measure this script instead of a fresh build, to compare two
  --write      keep the results in bench/results/, and write docs/benchmarks.md and its plots; with --only, the sections
               of the other suites stay, and the page says of which run each is
  --render     write page and plots of the results that are kept, and measure nothing

The exit status is 1 if anything failed; all else is measured, shown and written nevertheless.
`

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    devshm: { type: 'string' },
    write: { type: 'boolean', default: false },
    render: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

async function bench(): Promise<number> {
  const runs = Number(values.runs ?? (values.quick ? 2 : FEWEST_RUNS))
  const unknown = (values.only ?? []).filter((name) => !SUITES.some((suite) => suite.name === name))
  if (values.help || unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
    process.stdout.write(HELP)
    return values.help ? 0 : 2
  }
  if (values.render) return write()
  if (values.write && (values.quick || values.devshm !== undefined || runs < FEWEST_RUNS)) {
    process.stdout.write(`--write takes a fresh build, in full, with at least ${FEWEST_RUNS} runs\n`)
    return 2
  }
  using bundle = values.devshm === undefined ? await buildBundle() : existingBundle(resolve(values.devshm))
  const run: Run = { at: new Date().toISOString(), runs, machine: machineFacts() }
  show(renderIntroduction([run], []))
  const suites = SUITES.filter(({ name }) => values.only?.includes(name) ?? true)
  const isWell = await runSuites(suites, {
    run,
    isQuick: values.quick,
    devshm: bundle.devshm,
    onPart: (part) => values.write && RESULTS.write(part),
    show,
  })
  const written = values.write ? write() : 0
  return isWell ? written : 1
}

function write(): number {
  const missing = writePage(SUITES)
  if (missing.length === 0) return 0
  process.stdout.write(`There is no page yet: --write first measures ${missing.join(', ')}\n`)
  return 1
}

function machineFacts(): string[] {
  using place = createPlace()
  return describeMachine(place)
}

function show(text: string): void {
  process.stdout.write(`${text}\n\n`)
}

process.exitCode = await bench()
