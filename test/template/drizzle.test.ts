import { test } from 'vitest'
import { drizzle } from './support/examples.ts'
import { journey, JOURNEY_TIMEOUT_MS } from './support/journey.ts'

test(
  'Drizzle: cached, continued and rebuilt as it should be, and always what its own tool makes',
  async () => {
    await journey(drizzle)
  },
  JOURNEY_TIMEOUT_MS,
)
