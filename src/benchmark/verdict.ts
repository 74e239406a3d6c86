import {
  A_COMMIT,
  best,
  EQUAL,
  type Figures,
  type Level,
  levelOf,
  ofRam,
  ofSetup,
  ofTests,
  type RamLevel,
  WAITED_FOR,
} from './levels.ts'
import { sayMs, sayRatio } from './say-times.ts'

export interface Verdict {
  readonly templates: Level
  readonly ram: RamLevel
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

/** Which half of devshm pays, by these figures, and what to turn on. Says so where nothing does. */
export function verdictOf(figures: Figures): Verdict {
  const templates = best([ofSetup(figures), ofTests(figures)])
  const ram = ofRam(figures)
  return {
    templates,
    ram,
    summary: summaryOf(templates, ram),
    sentences: [...aboutSetup(figures), ...aboutTests(figures), ...aboutCommits(figures), ...aboutSteps(figures)],
    turnOn: whatToTurnOn(figures, ram),
  }
}

const OF_TEMPLATES: Readonly<Record<Level, string>> = {
  much: 'Templates pay here',
  little: 'Templates pay a little here',
  nothing: 'Templates gain next to nothing here',
  unknown: 'What templates gain was not measured',
}

const OF_RAM: Readonly<Record<RamLevel, string>> = {
  much: 'RAM pays',
  little: 'RAM pays a little',
  nothing: 'RAM gains next to nothing',
  slower: 'RAM is slower than the disk',
  unknown: 'what RAM gains was not measured',
}

function summaryOf(templates: Level, ram: RamLevel): string {
  if (templates === 'much' && ram === 'much') return 'Both pay here, templates and RAM.'
  if (templates === 'nothing' && ram === 'nothing') return 'Neither templates nor RAM gain much here.'
  return `${OF_TEMPLATES[templates]}; ${OF_RAM[ram]}.`
}

function aboutSetup(figures: Figures): string[] {
  const { setup } = figures
  if (setup === undefined) return []
  const { disk, reset } = setup
  if (levelOf(disk, reset, WAITED_FOR) === 'nothing')
    return [`A reset from the template takes ${sayMs(reset)}, the set-up itself ${sayMs(disk)}: run it as ever.`]
  return [
    `A reset takes ${sayMs(reset)} instead of the ${sayMs(disk)} of the set-up (${times(figures, 'setup-disk', 'reset', disk / reset)}).`,
  ]
}

function aboutTests(figures: Figures): string[] {
  const { tests, testKind } = figures
  if (tests === undefined) return []
  const { without, with: faster } = tests
  const isDjango = testKind === 'django'
  const what = isDjango ? "Django's test databases are" : 'A database for a test is'
  if (ofTests(figures) === 'nothing')
    return [`${what} there in ${sayMs(without)} without a template and in ${sayMs(faster)} with one.`]
  const ratio = times(figures, 'tests-without', 'tests-with', without / faster)
  const when = isDjango ? 'at each start of the tests' : 'for each test that has one of its own'
  return [`${what} there in ${sayMs(faster)} instead of ${sayMs(without)} (${ratio}), ${when}.`]
}

function aboutCommits(figures: Figures): string[] {
  const { request, commit, diskIsRam } = figures
  if (diskIsRam) return ['The project itself lies in RAM: its commits wait for no disk.']
  if (request === undefined) return []
  const { disk, ram } = request
  const both = `${sayMs(ram)} in RAM and ${sayMs(disk)} on disk`
  if (ram > disk * EQUAL) return [`A request with one commit takes ${both}.`, ...whySlower(figures)]
  if (levelOf(disk, ram, A_COMMIT) === 'nothing')
    return [`A request with one commit takes ${both}: nobody notices that.`]
  const thousand = `a thousand of them ${sayMs(1000 * (disk - ram))} less`
  const sentences = [
    `A request with one commit takes ${both} (${times(figures, 'request-disk', 'request-ram', disk / ram)}), ${thousand}.`,
  ]
  const wal = commit?.wal
  if (commit !== undefined && wal !== undefined && commit.ram / wal >= 1.5) {
    const ratio = times(figures, 'commit-disk', 'commit-wal', commit.disk / wal)
    sentences.push(`A script that commits row by row is ${ratio} as fast with write-ahead logging in RAM as on disk.`)
  }
  return sentences
}

function times({ ratioOf }: Figures, over: string, under: string, otherwise: number): string {
  return sayRatio(ratioOf?.(over, under) ?? otherwise)
}

function whySlower({ platform, arch }: Figures): string[] {
  if (platform !== 'darwin') return []
  const machine = arch === 'arm64' ? 'On Apple silicon' : 'On a Mac'
  return [
    `${machine} that is to be expected: SQLite does not wait there until the SSD has really written, and each call ` +
      'into the file system of a RAM disk costs more than one into that of the SSD. Leave the database on disk.',
  ]
}

function aboutSteps(figures: Figures): string[] {
  const { setup, diskIsRam } = figures
  if (setup?.ram === undefined || diskIsRam) return []
  const { disk, ram } = setup
  if (levelOf(disk, ram, WAITED_FOR) === 'nothing')
    return [
      `The set-up takes ${sayMs(ram)} in RAM and ${sayMs(disk)} on disk${disk < ram * EQUAL ? ': it hardly waits for the disk' : ''}.`,
    ]
  return [
    `The set-up itself takes ${sayMs(ram)} in RAM instead of ${sayMs(disk)} (${times(figures, 'setup-disk', 'setup-ram', disk / ram)}).`,
  ]
}

function whatToTurnOn(figures: Figures, ram: RamLevel): TurnOn[] {
  const { commit } = figures
  const isWorth = (each: Level): boolean => each === 'much' || each === 'little'
  const found: TurnOn[] = []
  if (isWorth(ofSetup(figures))) found.push({ command: 'devshm reset', why: 'instead of running the set-up again' })
  if (isWorth(ofTests(figures))) found.push(testCommand(figures))
  if (ram === 'much' || ram === 'little') {
    const isMuch = ram === 'much'
    found.push({ command: 'devshm run -- COMMAND', why: `while you work${isMuch ? '' : ', if it commits much'}` })
    if (commit?.wal !== undefined && commit.ram / commit.wal >= 1.5)
      found.push({ command: 'devshm run --journal wal -- COMMAND', why: 'for imports, seeds and other long scripts' })
  }
  return found
}

function testCommand({ framework }: Figures): TurnOn {
  switch (framework) {
    case 'django':
      return { command: 'devshm test -- python manage.py test', why: 'or with pytest' }
    case 'rails':
      return { command: 'devshm test -- bin/rails test', why: 'or with rspec' }
    default:
      return { command: 'devshm test -- COMMAND', why: 'with what runs your tests' }
  }
}
