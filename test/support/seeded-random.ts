/** Numbers that look random and are the same for the same seed, which is printed where a test fails. */
export interface SeededRandom {
  /** From 0 (inclusive) to 1 (exclusive). */
  number(): number
  pick<T>(choices: readonly [T, ...T[]]): T
  chance(probability: number): boolean
}

/** `DEVSHM_SEED`, or another one each time. */
export function chooseSeed(): number {
  return Number(process.env['DEVSHM_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
}

/** Mulberry32: small, and good enough to choose moments. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const number = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    number,
    pick: (choices) => choices[Math.floor(number() * choices.length)] ?? choices[0],
    chance: (probability) => number() < probability,
  }
}
