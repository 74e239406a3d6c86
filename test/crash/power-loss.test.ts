import { afterAll, beforeAll, expect, test } from 'vitest'
import { IS_LONG } from '../support/is-long.ts'
import { createPlayground } from '../support/playground.ts'
import { cutEverywhere } from './support/power/cut.ts'
import { SCENARIOS } from './support/power/scenarios.ts'
import { buildShim, type Shim } from './support/shim.ts'

/** `npm run test:power` tries all of it. */
const EVERY = IS_LONG ? 1 : 8
/** Hundreds of cuts, on a busy machine with a slow disk. */
const HANGS_AFTER_MS = IS_LONG ? 900_000 : 90_000

let shim: Shim | undefined
beforeAll(async () => {
  shim = await buildShim()
})
afterAll(() => shim?.[Symbol.dispose]())

const scenarios = SCENARIOS.filter(({ isTypical }) => IS_LONG || isTypical === true)

test.each(scenarios)(
  'the power fails during $name: what was saved is there, or newer',
  { timeout: HANGS_AFTER_MS },
  async (scenario) => {
    if (shim === undefined) throw new Error('there is no shim')
    await using playground = await createPlayground()
    const { calls, tried, wrong } = await cutEverywhere(playground, shim, scenario, EVERY)
    if (IS_LONG) console.log(`${scenario.name}: ${calls} calls, ${tried} cuts`)
    expect(wrong).toEqual([])
    expect(tried).toBeGreaterThan(1)
  },
)
