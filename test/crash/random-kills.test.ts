import { test } from 'vitest'
import { readTold } from '../support/ledger.ts'
import { chooseSeed, seededRandom } from '../support/seeded-random.ts'
import { emptyTally, playEnd, playRound } from './support/random-kills/round.ts'
import { Stage, type Kind } from './support/random-kills/stage.ts'

/** All kinds together; `npm run test:kills` plays 1,000. */
const ROUNDS = Number(process.env['DEVSHM_ROUNDS'] ?? 8)

const KINDS: readonly Kind[] = [
  { journalMode: 'delete', route: 'link' },
  { journalMode: 'wal', route: 'link' },
  { journalMode: 'delete', route: 'no link' },
  { journalMode: 'wal', route: 'no link' },
]

const ROUNDS_BETWEEN_ENDS = 8

const MOST_WITHOUT = 40

test.concurrent.each(KINDS)(
  'kill -9 of app, session and command at any moment: nothing that was committed is lost ($journalMode, $route)',
  { timeout: 60_000 + ROUNDS * 10_000 },
  async (kind) => {
    const seed = chooseSeed()
    await using stage = await Stage.create(kind, seededRandom(seed))
    const tally = emptyTally()
    try {
      const hasCommitted = (): boolean => readTold(stage.told).acknowledged > 0
      // Of a few rounds it may be that each writer was killed before it came to its first commit.
      while (tally.rounds < ROUNDS / KINDS.length || (!hasCommitted() && tally.rounds < MOST_WITHOUT)) {
        await playRound(stage, tally)
        if (tally.rounds % ROUNDS_BETWEEN_ENDS === 0) await playEnd(stage)
        if (tally.rounds % 50 === 0) console.log(JSON.stringify({ ...kind, ...tally }))
      }
      await playEnd(stage)
    } catch (error) {
      const where = `in round ${tally.rounds} of DEVSHM_SEED=${seed}`
      throw new Error(`${where}: ${String(error)}\n${stage.notes}`, { cause: error })
    }
    const { acknowledged } = readTold(stage.told)
    if (acknowledged === 0) throw new Error('no writer has committed anything')
    if (ROUNDS > 100) console.log(JSON.stringify({ ...kind, seed, ...tally, commits: acknowledged }))
  },
)
