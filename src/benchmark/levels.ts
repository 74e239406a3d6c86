/** Medians in milliseconds; what was not measured is absent. */
export interface Figures {
  /** One commit on one connection. */
  readonly commit?: Places
  /** A request with one commit and a connection of its own. */
  readonly request?: Places
  readonly setup?: { readonly disk: number; readonly ram?: number | undefined; readonly reset: number }
  readonly tests?: { readonly without: number; readonly with: number }
  /** What the tests were measured with: Django's own test databases, or clones. */
  readonly testKind?: 'django' | 'clone'
  readonly framework?: string
  /** How many times as long as the other, by the ids of the rows: the median of the rounds, where that is known. */
  readonly ratioOf?: (over: string, under: string) => number | undefined
  readonly platform: string
  readonly arch: string
  /** The project itself lies in RAM. */
  readonly diskIsRam: boolean
}

interface Places {
  readonly disk: number
  readonly ram: number
  /** Where the app does not use write-ahead logging anyway. */
  readonly wal?: number | undefined
}

export type Level = 'much' | 'little' | 'nothing' | 'unknown'

/** `slower`: RAM is slower than the disk. */
export type RamLevel = Level | 'slower'

/** How much has to be saved, in milliseconds and as a ratio, for it to be much, or a little. */
interface Threshold {
  readonly ms: number
  readonly ratio: number
}

/** Of a set-up or the start of tests: what one who waits for it notices. */
export const WAITED_FOR = { much: { ms: 500, ratio: 2 }, little: { ms: 100, ratio: 1.2 } }

/** Of a database for each test: there are hundreds. */
const FOR_EACH_TEST = { much: { ms: 50, ratio: 2 }, little: { ms: 5, ratio: 1.2 } }

/** Of a single commit: a page that makes ten of them, or a script that makes thousands, multiplies it. */
export const A_COMMIT = { much: { ms: 1, ratio: 1.5 }, little: { ms: 0.05, ratio: 1.2 } }

/** Measurements of one and the same thing differ by less than that. */
export const EQUAL = 1.1

export function levelOf(
  before: number,
  after: number,
  { much, little }: { much: Threshold; little: Threshold },
): Level {
  const reaches = ({ ms, ratio }: Threshold): boolean => before - after >= ms && before / after >= ratio
  if (reaches(much)) return 'much'
  return reaches(little) ? 'little' : 'nothing'
}

export function ofSetup({ setup }: Figures): Level {
  return setup === undefined ? 'unknown' : levelOf(setup.disk, setup.reset, WAITED_FOR)
}

export function ofTests({ tests, testKind }: Figures): Level {
  const thresholds = testKind === 'clone' ? FOR_EACH_TEST : WAITED_FOR
  return tests === undefined ? 'unknown' : levelOf(tests.without, tests.with, thresholds)
}

export function best(levels: readonly Level[]): Level {
  return (['much', 'little', 'nothing'] as const).find((each) => levels.includes(each)) ?? 'unknown'
}

export function ofRam({ request, setup, diskIsRam }: Figures): RamLevel {
  if (diskIsRam) return 'nothing'
  const ofRequest = request === undefined ? 'unknown' : levelOf(request.disk, request.ram, A_COMMIT)
  const ofSteps = setup?.ram === undefined ? 'unknown' : levelOf(setup.disk, setup.ram, WAITED_FOR)
  const found = best([ofRequest, ofSteps])
  return found === 'nothing' && request !== undefined && request.ram > request.disk * EQUAL ? 'slower' : found
}
