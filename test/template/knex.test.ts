import { test } from 'vitest'
import { knex } from './support/examples.ts'
import { journey, JOURNEY_TIMEOUT_MS } from './support/journey.ts'

test(
  'Knex: cached, continued and rebuilt as it should be, and always what its own tool makes',
  async () => {
    await journey(knex)
  },
  JOURNEY_TIMEOUT_MS,
)
