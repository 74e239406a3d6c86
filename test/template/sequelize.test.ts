import { test } from 'vitest'
import { sequelize } from './support/examples.ts'
import { journey, JOURNEY_TIMEOUT_MS } from './support/journey.ts'

test(
  'Sequelize: cached, continued and rebuilt as it should be, and always what its own tool makes',
  async () => {
    await journey(sequelize)
  },
  JOURNEY_TIMEOUT_MS,
)
