import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildBundle, existingBundle } from './support/bundle.ts'
import { describeMachine } from './support/machine.ts'
import { createPlace } from './support/place.ts'
import { render } from './support/report.ts'
import type { Suite } from './support/suite.ts'
import * as clones from './suites/clones.ts'
import * as connections from './suites/connections.ts'
import * as djangoTests from './suites/django-tests.ts'
import * as inputs from './suites/inputs.ts'
import * as isolatedTests from './suites/isolated-tests.ts'
import * as inserts from './suites/inserts.ts'
import * as large from './suites/large.ts'
import * as reset from './suites/reset.ts'
import * as saveUnderWriter from './suites/save-under-writer.ts'
import * as snapshots from './suites/snapshots.ts'
import * as startUp from './suites/start-up.ts'

const SUITES: readonly Suite[] = [
  startUp,
  large,
  inserts,
  connections,
  saveUnderWriter,
  inputs,
  reset,
  snapshots,
  clones,
  isolatedTests,
  djangoTests,
]
const PAGE = join(import.meta.dirname, '../docs/benchmarks.md')
const FEWEST_RUNS = 7

const HELP = `npm run bench -- [--runs N] [--only NAME]... [--quick] [--devshm JS] [--write]

  --runs N     rounds to take medians of (default ${FEWEST_RUNS})
  --only NAME  one suite of ${SUITES.map(({ name }) => name).join(', ')}; may be repeated
  --quick      small sizes and 2 rounds: to see that it works
  --devshm JS  measure this script instead of a fresh build, to compare two
  --write      write docs/benchmarks.md
`

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    devshm: { type: 'string' },
    write: { type: 'boolean', default: false },
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
  if (
    values.write &&
    (values.quick || values.devshm !== undefined || values.only !== undefined || runs < FEWEST_RUNS)
  ) {
    process.stdout.write(`--write takes a fresh build, all suites, in full, with at least ${FEWEST_RUNS} runs\n`)
    return 2
  }
  using bundle = values.devshm === undefined ? await buildBundle() : existingBundle(resolve(values.devshm))
  const parts = [introduction(runs)]
  show(parts.join('\n\n'))
  for (const suite of SUITES.filter(({ name }) => values.only?.includes(name) ?? true)) {
    const part = render(await suite.run({ runs, isQuick: values.quick, devshm: bundle.devshm }))
    parts.push(part)
    show(part)
  }
  if (values.write) writeFileSync(PAGE, `${parts.join('\n\n')}\n`)
  return 0
}

function introduction(runs: number): string {
  using place = createPlace()
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --write`; the sources are in `bench/`. What is compared was measured in one run, round by\n' +
      `round in turn, on the machine below. Times are the median (least to greatest) of ${runs} rounds, ratios the median of the\n` +
      'ratios within the rounds. Only ratios mean anything on another machine.',
    '',
    ...describeMachine(place).map((fact) => `- ${fact}`),
  ].join('\n')
}

function show(text: string): void {
  process.stdout.write(`${text}\n\n`)
}

process.exitCode = await bench()
