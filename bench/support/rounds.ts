import { isInstalled } from './programs.ts'

/** What one measurement found, by the name of each quantity. */
export type Sample = Readonly<Record<string, number>>

export interface Contender {
  readonly name: string
  /** Programs without which it is left out. */
  readonly needs?: readonly string[]
  /** It takes many seconds, and is not run to warm up. */
  readonly isLong?: true
  /** One run, from a fresh start. */
  measure(): Promise<Sample>
}

/** What could not be measured; the rest is. */
export interface Troubles {
  leftOut(contender: string, why: string): void
  failed(contender: string, error: unknown): void
}

/**
 * Measure all contenders round by round, after one round that only warms caches up. What disturbs the machine for a
 * while then hits them alike, and each round begins with another of them. One that fails is not measured further, and
 * nothing of it counts; the others go on.
 */
export async function measureInRounds(
  contenders: readonly Contender[],
  runs: number,
  troubles: Troubles,
): Promise<Results> {
  const samples = new Map<string, Sample[]>()
  for (const { name, needs = [] } of contenders) {
    const missing = needs.filter((program) => !isInstalled(program))
    if (missing.length === 0) samples.set(name, [])
    else troubles.leftOut(name, `${missing.map((program) => `\`${program}\``).join(' and ')} is not installed`)
  }
  for (let round = 0; round <= runs; round += 1) {
    const start = round % contenders.length
    for (const contender of [...contenders.slice(start), ...contenders.slice(0, start)]) {
      const own = samples.get(contender.name)
      if (own === undefined || (round === 0 && contender.isLong)) continue
      try {
        const sample = await contender.measure()
        if (round > 0) own.push(sample)
      } catch (error) {
        samples.delete(contender.name)
        troubles.failed(contender.name, error)
      }
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

  /** One quantity of one contender, round by round; nothing if it was left out or failed. */
  of(contender: string, quantity: string): number[] {
    const samples = this.#samples.get(contender) ?? []
    return samples.map((sample) => {
      const value = sample[quantity]
      if (value === undefined) throw new Error(`${contender} did not measure ${quantity}`)
      return value
    })
  }

  /** These and others, of other contenders, in one. */
  and(others: Results): Results {
    return new Results(new Map([...this.#samples, ...others.#samples]))
  }
}
