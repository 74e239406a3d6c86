import { makeRails } from './support/rails.ts'
import { testPage } from './support/test-page.ts'

testPage('rails', { make: makeRails, needs: ['/usr/bin/rails', '/usr/bin/bundle'], isPreset: true })
