import { afterAll, beforeAll, expect, test } from 'vitest'
import { withoutStrace } from '../run/support/strace.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { mayMount } from '../support/small-volume.ts'
import { everything, tryCases } from './support/campaign.ts'
import { CASES } from './support/cases/index.ts'
import { createPlaces } from './support/program.ts'
import { isAlwaysTried, pick, sampleOf } from './support/sample.ts'
import { createWitness } from './support/truth.ts'

const isLinux = process.platform === 'linux' && withoutStrace === undefined

/** Another sample each day; DEVSHM_SEED repeats one. */
const SEED = Number(process.env['DEVSHM_SEED'] ?? Math.floor(Date.now() / 86_400_000))

/** Tried at all of its points every time: the one with the fewest. */
const CHEAPEST = 'recovery, power cut before any save'

let program: Awaited<ReturnType<typeof createPlaces>>
beforeAll(async () => {
  if (isLinux) program = await createPlaces()
})
afterAll(async () => {
  await program?.[Symbol.asyncDispose]()
})

test.skipIf(!isLinux)(
  `killed or failed at any call that changes a file, everything is as before or after it (seed ${SEED})`,
  { timeout: 600_000 },
  async () => {
    const random = seededRandom(SEED)
    const possible = CASES.filter(({ needsMount }) => needsMount !== true || mayMount)
    const chosen = new Set([
      ...possible.filter((each) => each.name === CHEAPEST || isAlwaysTried(each)),
      ...pick(possible, 6, random),
    ])
    const reports = await tryCases([...chosen], program.places, (each) =>
      each.name === CHEAPEST ? everything(false) : sampleOf(each, random, { kills: 4, errors: 2 }),
    )
    console.log(
      `seed ${SEED}: ${reports.map(({ name, kills, errors }) => `${name}: ${kills} kills, ${errors} errors`).join('; ')}`,
    )
    expect(reports.flatMap(({ failures }) => failures)).toEqual([])
    expect(reports.map(({ points }) => points > 0)).not.toContain(false)
  },
)

test.skipIf(!isLinux)('a call that the library cannot see is noticed', async () => {
  const [place] = program.places
  if (place === undefined) throw new Error('no place')
  using witness = createWitness(place.roots)
  // Its own buffered output goes to the kernel past every function that can be put in between.
  const { calls } = await place.recordProgram(
    ['sed', '-n', `$w ${place.roots.tmp}/out`, '/etc/passwd'],
    witness.wrapper,
  )
  expect(witness.missedIn(calls)).toContainEqual(expect.stringMatching(/write .*\/out$/))
})
