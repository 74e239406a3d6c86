import type { Suite } from '../support/suite.ts'
import * as clones from './clones.ts'
import * as connections from './connections.ts'
import * as correctness from './correctness.ts'
import * as djangoTests from './django-tests.ts'
import * as growth from './growth.ts'
import * as inputs from './inputs.ts'
import * as isolatedTests from './isolated-tests.ts'
import * as inserts from './inserts.ts'
import * as large from './large.ts'
import * as reset from './reset.ts'
import * as saveUnderWriter from './save-under-writer.ts'
import * as snapshots from './snapshots.ts'
import * as startUp from './start-up.ts'

/** In the order of the page. */
export const SUITES: readonly Suite[] = [
  startUp,
  large,
  inserts,
  connections,
  correctness,
  saveUnderWriter,
  inputs,
  reset,
  snapshots,
  clones,
  isolatedTests,
  djangoTests,
  growth,
]
