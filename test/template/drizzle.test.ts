import { test } from 'vitest'
import { IS_LONG } from '../support/is-long.ts'
import { drizzle } from './support/examples.ts'
import { journey, JOURNEY_TIMEOUT_MS } from './support/journey.ts'

test.runIf(IS_LONG)(
  'Drizzle: cached, continued and rebuilt as it should be, and always what its own tool makes',
  async () => {
    await journey(drizzle)
  },
  JOURNEY_TIMEOUT_MS,
)
