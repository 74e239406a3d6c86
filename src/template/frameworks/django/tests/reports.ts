import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cache } from '../../../cache.ts'
import type { TemplateEvent } from '../../../events.ts'
import { compareInputs } from '../../../inputs/compare-inputs.ts'
import type { Input } from '../../../inputs/input.ts'
import { listTestTemplates, type TestKey } from '../../../test-template.ts'
import { readBase } from './base.ts'

type TestDatabaseEvent = Extract<TemplateEvent, { type: 'test-database' }>

/** What became of one test database, as the hook tells it. */
interface TestDatabaseReport extends Partial<TestKey> {
  readonly alias: string
  readonly outcome: TestDatabaseEvent['outcome']
  readonly reason?: string
  readonly key?: string
  /** How long it took to find and to use the template, in milliseconds. */
  readonly ms?: number
  /** What Django made is a template now. */
  readonly kept?: boolean | null
}

/** In the order in which the databases were made; several processes may have made one of the same alias each. */
function readReports(folder: string): TestDatabaseReport[] {
  const path = join(folder, 'reports.jsonl')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as TestDatabaseReport]
    } catch {
      // Of a process that was killed while it wrote that.
      return []
    }
  })
}

/** What differs from the template that is most like it. */
interface Difference {
  /** When that was made. */
  readonly since: string
  /** Such as `changed shop/migrations/0003_price.py`, `setting TIME_ZONE`, `package + django 4.2`. */
  readonly differs: readonly string[]
}

/** What became of a run's test databases, and why. Equal ones of several processes are told once. */
export function testDatabaseEvents(cache: Cache, folder: string): TestDatabaseEvent[] {
  const events = readReports(folder).map((report): TestDatabaseEvent => {
    const { alias, outcome, reason, ms = 0, kept } = report
    const why = outcome === 'miss' ? whyMissed(cache, folder, report) : undefined
    return { type: 'test-database', alias, outcome, reason, ms, kept: kept === true, ...why }
  })
  return [...new Map(events.map((event) => [JSON.stringify({ ...event, ms: 0 }), event])).values()]
}

/** For those who did not ask: one warning. */
export function firstFailure(events: readonly TestDatabaseEvent[]): TestDatabaseEvent[] {
  return events.filter(({ outcome }) => outcome === 'failed').slice(0, 1)
}

function whyMissed(cache: Cache, folder: string, report: TestDatabaseReport): Difference | undefined {
  const { key, alias, facts = {}, packages = [], hashed = {} } = report
  const base = readBase(folder)
  const templates = listTestTemplates(cache).filter((each) => each.root === base?.root && each.alias === alias)
  const [like] = templates.filter((each) => each.key !== key).toSorted((a, b) => (a.builtAt < b.builtAt ? 1 : -1))
  if (base === undefined || like === undefined) return undefined
  const inputs = templates.find((each) => each.key === key)?.inputs ?? base.inputs
  const files = compareInputs(
    asInputs([...like.inputs, ...Object.entries(like.hashed)]),
    asInputs([...inputs, ...Object.entries(hashed)]),
  )
  return {
    since: like.builtAt,
    differs: [
      ...files.added.map((path) => `added ${path}`),
      ...files.changed.map((path) => `changed ${path}`),
      ...files.removed.map((path) => `removed ${path}`),
      ...unequal(like.facts, facts),
      ...packages.filter((each) => !like.packages.includes(each)).map((each) => `package + ${each}`),
      ...like.packages.filter((each) => !packages.includes(each)).map((each) => `package - ${each}`),
    ],
  }
}

function asInputs(files: readonly (readonly [path: string, hash: string])[]): Input[] {
  return files.map(([path, hash]) => ({ path, hash, role: 'fixed' }))
}

function unequal(before: TestKey['facts'], now: TestKey['facts']): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...names].filter((name) => before[name] !== now[name]).toSorted()
}
