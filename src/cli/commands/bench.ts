import { resolve } from 'node:path'
import { extentOf } from '../../benchmark/bench.ts'
import { estimate } from '../../benchmark/estimate.ts'
import { measure } from '../../benchmark/measure.ts'
import { PARTS, type PartName, type Report } from '../../benchmark/report.ts'
import { median, ratioOf } from '../../benchmark/statistics.ts'
import { UsageError } from '../../errors.ts'
import { watchInterrupts } from '../../template/build/signals.ts'
import { openProject } from '../../template/open-project.ts'
import type { CommonOptions } from '../options.ts'
import { printLine, printNote } from '../output.ts'
import { showProgress } from '../progress.ts'
import { renderEstimate, renderReport } from '../render/bench.ts'
import { reporter } from '../reporter.ts'
import { strongFor } from '../style.ts'

export interface BenchFlags extends CommonOptions {
  readonly only?: readonly PartName[]
  readonly quick: boolean
  readonly runs?: number
  /** Where to write a page. */
  readonly html?: string
  /** Replace that file, whatever it is. */
  readonly force: boolean
  /** How to start devshm again. */
  readonly program: readonly string[]
}

const INTERRUPTED = {
  message: 'interrupted; what was measured so far is not shown',
  hint: 'nothing of yours was changed, and nothing is left',
}

/** Measure what devshm gains here, and say what to turn on. 1 if the set-up of the project fails. */
export async function bench(flags: BenchFlags): Promise<number> {
  const { env, cwd, json, program } = flags
  if (flags.force && flags.html === undefined) throw new UsageError('--force is about the file of --html')
  const page = flags.html === undefined ? undefined : resolve(cwd, flags.html)
  const toPage = page === undefined ? undefined : await import('../../benchmark/write-page.ts')
  if (page !== undefined) toPage?.requirePlaceForPage(page, flags)
  // Its steps run many times: that is shown as progress, not told step by step.
  const project = await openProject({
    cwd,
    env,
    db: flags.db,
    report: reporter(flags),
    reportTemplate: () => undefined,
  })
  const parts = flags.only ?? PARTS
  const extent = extentOf(flags)
  if (!json) printNote(renderEstimate(estimate(parts, extent, project.builder.cache, project.root)))
  const db = flags.db.map((path) => resolve(cwd, path))
  const report = await interruptibly((signal, onMeasure) => {
    return measure({ project, parts, extent, env, db, program, signal, onMeasure: json ? () => undefined : onMeasure })
  })
  if (json) printLine(JSON.stringify({ ...asJson(report), page }, undefined, 2))
  else printLine(renderReport(report, strongFor(env)).join('\n'))
  if (page !== undefined) {
    const { renderPage } = await import('../../benchmark/page.ts')
    await toPage?.writePage(page, renderPage(report))
    if (!json) printNote(`devshm: the page is ${page}`)
  }
  return report.parts.some(({ hasFailed }) => hasFailed === true) ? 1 : 0
}

/** One line of progress, about what is being measured, until it is over or somebody interrupts. */
async function interruptibly<T>(
  action: (signal: AbortSignal, onMeasure: (name: string, done: number, of: number) => void) => Promise<T>,
): Promise<T> {
  using interrupts = watchInterrupts(INTERRUPTED)
  using progress = showProgress('measuring')
  return await action(interrupts.signal, (name, done, of) => {
    progress.say(`measuring ${name}`)
    progress.update(done, of)
  })
}

function asJson({ parts, ...report }: Report): object {
  const { root, at, machine, verdict } = report
  return {
    root,
    at,
    machine,
    parts: parts.map(({ name, rows, notes, leftOut, hasFailed = false }) => ({
      name,
      leftOut,
      failed: hasFailed,
      notes,
      rows: rows.map(({ id, label, medium, values, comparedTo }) => {
        const other = rows.find((row) => row.id === comparedTo)
        return {
          id,
          label,
          medium,
          median: median(values),
          values,
          comparedTo,
          ratio: other === undefined ? undefined : ratioOf(other.values, values),
        }
      }),
    })),
    verdict,
  }
}
