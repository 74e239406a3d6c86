import { test } from 'vitest'
import { typeorm } from './support/examples.ts'
import { journey, JOURNEY_TIMEOUT_MS } from './support/journey.ts'

test(
  'TypeORM: cached, continued and rebuilt as it should be, and always what its own tool makes',
  async () => {
    await journey(typeorm)
  },
  JOURNEY_TIMEOUT_MS,
)
