/** What one measurement found, by the name of each quantity. */
export type Sample = Readonly<Record<string, number>>

export interface Contender {
  readonly name: string
  /** One run, from a fresh start. */
  measure(): Promise<Sample>
}

/**
 * Measure all contenders round by round, after one round that only warms caches up. What disturbs the machine for a
 * while then hits them alike, and each round begins with another of them.
 */
export async function measureInRounds(contenders: readonly Contender[], runs: number): Promise<Results> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round <= runs; round += 1) {
    const start = round % contenders.length
    for (const { name, measure } of [...contenders.slice(start), ...contenders.slice(0, start)]) {
      const sample = await measure()
      if (round > 0) samples.get(name)?.push(sample)
    }
  }
  return new Results(samples)
}

/** The samples of every contender, the nth of each from the nth round. */
export class Results {
  readonly #samples: ReadonlyMap<string, readonly Sample[]>

  constructor(samples: ReadonlyMap<string, readonly Sample[]>) {
    this.#samples = samples
  }

  /** One quantity of one contender, round by round. */
  of(contender: string, quantity: string): number[] {
    const samples = this.#samples.get(contender) ?? []
    return samples.map((sample) => {
      const value = sample[quantity]
      if (value === undefined) throw new Error(`${contender} did not measure ${quantity}`)
      return value
    })
  }
}

/** Value by value; of two series of one run these are the ratios within each round. */
export function dividedBy(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.map((value, round) => value / (denominators[round] ?? Number.NaN))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]]
  if (low === undefined || high === undefined) throw new Error('there is no median of nothing')
  return (low + high) / 2
}
