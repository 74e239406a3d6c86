import { existsSync } from 'node:fs'
import { test } from 'vitest'
import { rails } from './support/examples.ts'
import { journey, JOURNEY_TIMEOUT_MS } from './support/journey.ts'

const isThere = existsSync('/usr/share/rubygems-integration') && existsSync('/usr/bin/bundle')

test.skipIf(!isThere && process.env['CI'] === undefined)(
  'Rails: cached, continued and rebuilt as it should be, and always what its own tool makes',
  async () => {
    // Without a network: the gems are Debian's.
    await journey(rails, { prepare: 'bundle lock --local' })
  },
  JOURNEY_TIMEOUT_MS,
)
