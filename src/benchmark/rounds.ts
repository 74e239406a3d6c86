/** What one measurement found, in milliseconds, by the id of each row. */
export type Sample = Readonly<Record<string, number>>

export interface Contender {
  /** For people, while it runs. */
  readonly name: string
  /** One run, from a fresh start. */
  measure(): Promise<Sample>
  /** Left out where the one before it took so long that another would exceed the time. */
  readonly isOptional?: boolean
}

export interface Limits {
  /** Rounds to measure. */
  readonly runs: number
  /** For all rounds together, in milliseconds. The first round is run in any case. */
  readonly budgetMs: number
}

export interface RoundsOptions extends Limits {
  readonly signal: AbortSignal
  /** Before each measurement: how many are done, of about how many. */
  readonly onMeasure?: (name: string, done: number, of: number) => void
}

export interface Measured {
  /** The samples of each row, the nth of each from the nth round. */
  readonly values: ReadonlyMap<string, readonly number[]>
  /** Names of contenders that there was no time for. */
  readonly skipped: readonly string[]
}

/**
 * Measure all contenders round by round: what disturbs the machine for a while then hits them alike, and each round
 * begins with another of them. The first round only warms caches up, unless there is time for no other, or no more than
 * one was asked for: then it is what was measured.
 */
export async function measureInRounds(contenders: readonly Contender[], options: RoundsOptions): Promise<Measured> {
  const { runs, budgetMs, signal, onMeasure } = options
  const started = performance.now()
  const skipped = new Set<Contender>()
  let lastMs = 0
  let done = 0
  let expected = contenders.length * (runs === 1 ? 1 : runs + 1)

  const measureRound = async (round: number): Promise<Sample> => {
    const start = round % contenders.length
    const samples: Sample[] = []
    for (const contender of [...contenders.slice(start), ...contenders.slice(0, start)]) {
      if (round === 0 && contender.isOptional === true && performance.now() - started + lastMs > budgetMs)
        skipped.add(contender)
      if (skipped.has(contender)) continue
      signal.throwIfAborted()
      onMeasure?.(contender.name, done, expected)
      const before = performance.now()
      samples.push(await contender.measure())
      lastMs = performance.now() - before
      done += 1
    }
    return Object.assign({}, ...samples) as Sample
  }

  const first = await measureRound(0)
  const roundMs = performance.now() - started
  const rounds = runs === 1 ? 0 : Math.min(runs, Math.floor((budgetMs - roundMs) / roundMs))
  expected = (contenders.length - skipped.size) * (rounds + 1)
  const samples: Sample[] = []
  for (let round = 1; round <= rounds && (round === 1 || performance.now() - started < budgetMs); round += 1) {
    samples.push(await measureRound(round))
  }
  return { values: byRow(samples.length === 0 ? [first] : samples), skipped: [...skipped].map(({ name }) => name) }
}

function byRow(samples: readonly Sample[]): Map<string, number[]> {
  const values = new Map<string, number[]>()
  for (const sample of samples) {
    for (const [id, ms] of Object.entries(sample)) values.set(id, [...(values.get(id) ?? []), ms])
  }
  return values
}
