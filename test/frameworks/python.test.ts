import { makeAlembic, makeDjango, makeFlask } from './support/python.ts'
import { testPage } from './support/test-page.ts'

const PACKAGES = '/usr/lib/python3/dist-packages'

testPage('django', { make: makeDjango, needs: [`${PACKAGES}/pytest_django`], isPreset: true })
testPage('alembic', { make: makeAlembic, needs: ['/usr/bin/alembic'], isPreset: false })
testPage('flask', { make: makeFlask, needs: [`${PACKAGES}/flask_migrate`, `${PACKAGES}/pytest`], isPreset: false })
