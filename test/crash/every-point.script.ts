/**
 * The long version: every call of every case, each killed at, and each failing; a table of it. `npm run test:crash`, and
 * after it `-- --errors all` for all four errors at every call, `--only TEXT` and `--skip TEXT` for the cases with that in their
 * name, or without, `--backwards` to begin with the last, `--no-kills` or `--no-errors`.
 */
import { parseArgs } from 'node:util'
import { mayMount } from '../support/small-volume.ts'
import { everything, tryCases, type CaseReport } from './support/campaign.ts'
import { CASES } from './support/cases/index.ts'
import { createPlaces } from './support/program.ts'

const { values } = parseArgs({
  options: {
    errors: { type: 'string', default: 'one' },
    skip: { type: 'string' },
    backwards: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    places: { type: 'string', default: '2' },
    'no-kills': { type: 'boolean', default: false },
    'no-errors': { type: 'boolean', default: false },
  },
})

const chosen = CASES.filter(({ name, needsMount }) => {
  const isSkipped = values.skip !== undefined && name.includes(values.skip)
  return name.includes(values.only) && !isSkipped && (needsMount !== true || mayMount)
})
const cases = values.backwards ? chosen.toReversed() : chosen
const all = everything(values.errors === 'all')
const plan = {
  kills: values['no-kills'] ? () => [] : all.kills,
  errors: values['no-errors'] ? () => [] : all.errors,
}
await using program = await createPlaces(Number(values.places))
const started = performance.now()
const reports = await tryCases(
  cases,
  program.places,
  () => plan,
  (report) => {
    console.error(`${rowOf(report)}\n${report.failures.map((failure) => `    ${failure}\n`).join('')}`.trimEnd())
  },
)
const total = (of: (report: CaseReport) => number): number => reports.reduce((sum, report) => sum + of(report), 0)
console.log('| command | points | kills | errors | failures |\n| --- | --- | --- | --- | --- |')
for (const report of reports) console.log(rowOf(report))
const failures = total((report) => report.failures.length)
console.log(
  `| **all** | ${total(({ points }) => points)} | ${total(({ kills }) => kills)} | ${total(({ errors }) => errors)} | ${failures} |`,
)
console.log(`in ${Math.round((performance.now() - started) / 1000)} s`)
process.exitCode = failures === 0 ? 0 : 1

function rowOf({ name, points, kills, errors, failures: found }: CaseReport): string {
  return `| ${name} | ${points} | ${kills} | ${errors} | ${found.length} |`
}
