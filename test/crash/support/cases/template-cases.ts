import { join } from 'node:path'
import type { CrashCase } from '../crash-case.ts'
import type { Place } from '../place.ts'
import { makeSetup, ok, TEST_AFTER, testing, unmount } from './situations.ts'

async function built(place: Place): Promise<void> {
  makeSetup(place)
  await ok(place, 'template', 'build')
}

const IN_RAM = ({ roots }: Place): string => join(roots.project, 'ram')

/** Where a step is killed, and devshm not yet, it keeps the failed database, for people to look at. */
const OF_A_KILLED_STEP = /^cache\/failed/

/** Templates, what is made of them, and volumes. */
export const TEMPLATE_CASES: readonly CrashCase[] = [
  {
    name: 'template build',
    prepare: async (place) => makeSetup(place),
    command: ['template', 'build'],
    mayLeave: OF_A_KILLED_STEP,
    ...TEST_AFTER,
  },
  {
    name: 'reset, nothing cached, no database yet',
    prepare: async (place) => makeSetup(place),
    command: ['reset'],
    mayLeave: OF_A_KILLED_STEP,
    next: ['reset'],
    rewrites: /history\.json$/,
  },
  {
    name: 'test',
    prepare: built,
    command: ['test', ...testing('true')],
    ...TEST_AFTER,
  },
  {
    name: 'test, kept',
    prepare: built,
    command: ['test', '--keep', ...testing(`sqlite3 "$DEVSHM_CLONE_1" "update item set word = 'tested'"`)],
    // For people to look at, pruned by age.
    mayLeave: /^cache\/kept\//,
    ...TEST_AFTER,
  },
  {
    name: 'test, sweeping what a killed one left',
    async prepare(place) {
      await built(place)
      await place.devshm('test', '--', 'sh', '-c', 'kill -9 $PPID')
    },
    command: ['test', ...testing('true')],
    ...TEST_AFTER,
  },
  {
    name: 'clone',
    prepare: built,
    command: ['clone'],
    // Without room in RAM the clone is there, until the session ends.
    mayLeave: /^cache\/devshm-0/,
    ...TEST_AFTER,
  },
  {
    name: 'volume create',
    prepare: async () => undefined,
    command: ['volume', 'create', 'ram', '--size', '4M'],
    // Fine if it is one already.
    next: ['volume', 'create', 'ram', '--size', '4M'],
    cleanUp: (place) => unmount(IN_RAM(place)),
    needsMount: true,
  },
]
