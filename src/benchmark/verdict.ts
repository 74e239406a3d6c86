import { sayMs, sayRatio } from './say-times.ts'

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

export interface Verdict {
  readonly templates: Level
  /** `slower`: RAM is slower than the disk. */
  readonly ram: Level | 'slower'
  /** In one sentence. */
  readonly summary: string
  /** What it is said from. */
  readonly sentences: readonly string[]
  /** What is worth using, the best first. */
  readonly turnOn: readonly TurnOn[]
}

export interface TurnOn {
  readonly command: string
  readonly why: string
}

/** How much has to be saved, in milliseconds and as a ratio, for it to be much, or a little. */
interface Threshold {
  readonly ms: number
  readonly ratio: number
}

/** Of a set-up or the start of tests: what one who waits for it notices. */
const WAITED_FOR = { much: { ms: 500, ratio: 2 }, little: { ms: 100, ratio: 1.2 } }

/** Of a single commit: a page that makes ten of them, or a script that makes thousands, multiplies it. */
const A_COMMIT = { much: { ms: 1, ratio: 1.5 }, little: { ms: 0.05, ratio: 1.2 } }

/** Measurements of one and the same thing differ by less than that. */
const EQUAL = 1.1

/** Which half of devshm pays, by these figures, and what to turn on. Says so where nothing does. */
export function verdictOf(figures: Figures): Verdict {
  const templates = best([ofSetup(figures), ofTests(figures)])
  const ram = ramLevel(figures)
  return {
    templates,
    ram,
    summary: summaryOf(templates, ram),
    sentences: [...aboutSetup(figures), ...aboutTests(figures), ...aboutCommits(figures), ...aboutSteps(figures)],
    turnOn: whatToTurnOn(figures, ram),
  }
}

function level(before: number, after: number, { much, little }: { much: Threshold; little: Threshold }): Level {
  const reaches = ({ ms, ratio }: Threshold): boolean => before - after >= ms && before / after >= ratio
  if (reaches(much)) return 'much'
  return reaches(little) ? 'little' : 'nothing'
}

function ofSetup({ setup }: Figures): Level {
  return setup === undefined ? 'unknown' : level(setup.disk, setup.reset, WAITED_FOR)
}

function ofTests({ tests }: Figures): Level {
  return tests === undefined ? 'unknown' : level(tests.without, tests.with, WAITED_FOR)
}

function best(levels: readonly Level[]): Level {
  return (['much', 'little', 'nothing'] as const).find((each) => levels.includes(each)) ?? 'unknown'
}

function ramLevel({ request, setup, diskIsRam }: Figures): Verdict['ram'] {
  if (diskIsRam) return 'nothing'
  const ofRequest = request === undefined ? 'unknown' : level(request.disk, request.ram, A_COMMIT)
  const ofSteps = setup?.ram === undefined ? 'unknown' : level(setup.disk, setup.ram, WAITED_FOR)
  const found = best([ofRequest, ofSteps])
  return found === 'nothing' && request !== undefined && request.ram > request.disk * EQUAL ? 'slower' : found
}

function summaryOf(templates: Level, ram: Verdict['ram']): string {
  const ofTemplates = {
    much: 'Templates pay here',
    little: 'Templates pay a little here',
    nothing: 'Templates gain next to nothing here',
    unknown: 'What templates gain was not measured',
  }[templates]
  const ofRam = {
    much: 'RAM pays',
    little: 'RAM pays a little',
    nothing: 'RAM gains next to nothing',
    slower: 'RAM is slower than the disk',
    unknown: 'what RAM gains was not measured',
  }[ram]
  const isAlike =
    [templates, ram].every((each) => each === 'much') || [templates, ram].every((each) => each === 'nothing')
  return `${ofTemplates}, ${isAlike ? 'and' : 'but'} ${ofRam}.`.replace(/, but what/, '; what')
}

function aboutSetup({ setup }: Figures): string[] {
  if (setup === undefined) return []
  const { disk, reset } = setup
  if (level(disk, reset, WAITED_FOR) === 'nothing')
    return [`A reset from the template takes ${sayMs(reset)}, the set-up itself ${sayMs(disk)}: run it as ever.`]
  return [`A reset takes ${sayMs(reset)} instead of the ${sayMs(disk)} of the set-up (${sayRatio(disk / reset)}).`]
}

function aboutTests({ tests, testKind }: Figures): string[] {
  if (tests === undefined) return []
  const { without, with: faster } = tests
  const what = testKind === 'django' ? "Django's test databases are" : 'A database for a test is'
  if (level(without, faster, WAITED_FOR) === 'nothing')
    return [`${what} there in ${sayMs(without)} without a template and in ${sayMs(faster)} with one.`]
  const ratio = sayRatio(without / faster)
  return [`${what} there in ${sayMs(faster)} instead of ${sayMs(without)} (${ratio}), at each start of the tests.`]
}

function aboutCommits(figures: Figures): string[] {
  const { request, commit, diskIsRam } = figures
  if (diskIsRam) return ['The project itself lies in RAM: its commits wait for no disk.']
  if (request === undefined) return []
  const { disk, ram } = request
  const both = `${sayMs(ram)} in RAM and ${sayMs(disk)} on disk`
  if (ram > disk * EQUAL) return [`A request with one commit takes ${both}.`, ...whySlower(figures)]
  if (level(disk, ram, A_COMMIT) === 'nothing') return [`A request with one commit takes ${both}: nobody notices that.`]
  const thousand = `a thousand of them ${sayMs(1000 * (disk - ram))} less`
  const sentences = [`A request with one commit takes ${both} (${sayRatio(disk / ram)}), ${thousand}.`]
  const wal = commit?.wal
  if (commit !== undefined && wal !== undefined && commit.ram / wal >= 1.5) {
    const times = sayRatio(commit.disk / wal)
    sentences.push(`A script that commits row by row is ${times} as fast with write-ahead logging in RAM as on disk.`)
  }
  return sentences
}

function whySlower({ platform, arch }: Figures): string[] {
  if (platform !== 'darwin') return []
  const machine = arch === 'arm64' ? 'On Apple silicon' : 'On a Mac'
  return [
    `${machine} that is to be expected: SQLite does not wait there until the SSD has really written, and each call ` +
      'into the file system of a RAM disk costs more than one into that of the SSD. Leave the database on disk.',
  ]
}

function aboutSteps({ setup, diskIsRam }: Figures): string[] {
  if (setup?.ram === undefined || diskIsRam) return []
  const { disk, ram } = setup
  if (level(disk, ram, WAITED_FOR) === 'nothing')
    return [`The set-up takes ${sayMs(ram)} in RAM and ${sayMs(disk)} on disk: it hardly waits for the disk.`]
  return [`The set-up itself takes ${sayMs(ram)} in RAM instead of ${sayMs(disk)} (${sayRatio(disk / ram)}).`]
}

function whatToTurnOn(figures: Figures, ram: Verdict['ram']): TurnOn[] {
  const { commit, testKind } = figures
  const isWorth = (each: Level): boolean => each === 'much' || each === 'little'
  const found: TurnOn[] = []
  if (isWorth(ofSetup(figures))) found.push({ command: 'devshm reset', why: 'instead of running the set-up again' })
  if (isWorth(ofTests(figures))) {
    const command = testKind === 'django' ? 'devshm test -- python manage.py test' : 'devshm test -- COMMAND'
    found.push({ command, why: testKind === 'django' ? 'or with pytest' : 'with what runs your tests' })
  }
  if (ram === 'much' || ram === 'little') {
    const isMuch = ram === 'much'
    found.push({ command: 'devshm run -- COMMAND', why: `while you work${isMuch ? '' : ', if it commits much'}` })
    if (commit?.wal !== undefined && commit.ram / commit.wal >= 1.5)
      found.push({ command: 'devshm run --journal wal -- COMMAND', why: 'for imports, seeds and other long scripts' })
  }
  return found
}
