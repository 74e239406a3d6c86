import type { CommandLine } from './programs.ts'
import { reasonOf } from './reason.ts'
import { render } from './report.ts'
import type { Part, Run } from './results.ts'
import { measureInRounds } from './rounds.ts'
import type { Suite } from './suite.ts'

interface Options {
  readonly run: Run
  readonly isQuick: boolean
  readonly devshm: CommandLine
  /** Called as soon as a suite has ended: what was measured is not lost by what comes later. */
  readonly onPart: (part: Part) => void
  readonly show: (text: string) => void
}

/** Each suite in turn. A failure is shown and noted, and what can still be measured is. @returns whether all went well */
export async function runSuites(suites: readonly Suite[], options: Options): Promise<boolean> {
  let isWell = true
  for (const suite of suites) {
    const part = await runSuite(suite, options)
    if (part === undefined || part.failed.length > 0) isWell = false
    if (part !== undefined) options.onPart(part)
  }
  return isWell
}

async function runSuite({ name, run: measure }: Suite, options: Options): Promise<Part | undefined> {
  const { run, isQuick, devshm, show } = options
  const leftOut: string[] = []
  const failed: string[] = []
  const troubles = {
    leftOut: (contender: string, why: string) => note(leftOut, `${contender} (${why})`),
    failed: (contender: string, error: unknown) => {
      show(`${name}: ${contender} failed: ${String(error)}`)
      note(failed, `${contender} (${reasonOf(error)})`)
    },
  }
  try {
    const report = await measure({
      runs: run.runs,
      isQuick,
      devshm,
      measure: (contenders, runs = run.runs) => measureInRounds(contenders, runs, troubles),
      attempt: async (what, part) => {
        try {
          return await part()
        } catch (error) {
          troubles.failed(what, error)
          return undefined
        }
      },
    })
    show(render(report, { leftOut, failed }))
    return { name, run, report, leftOut, failed }
  } catch (error) {
    const details = error instanceof Error ? (error.stack ?? String(error)) : String(error)
    show(`The suite ${name} failed, and has no result: ${details}`)
    return undefined
  }
}

/** A contender may take part several times. */
function note(lines: string[], line: string): void {
  if (!lines.includes(line)) lines.push(line)
}
