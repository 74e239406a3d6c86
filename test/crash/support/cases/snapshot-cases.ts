import type { CrashCase } from '../crash-case.ts'
import type { Place } from '../place.ts'
import {
  attached,
  change,
  killedAt,
  make,
  makeLarge,
  makeSetup,
  MODES,
  ok,
  SNAPSHOT_AFTER,
  type Mode,
} from './situations.ts'

const WHERE = ['on disk', 'in RAM'] as const
type Where = (typeof WHERE)[number]

const NOTED = 'rename project/.devshm/db.sqlite3/unfinished/history.json -> project/.devshm/db.sqlite3/history.json'

/** A snapshot `first`, and something else since. */
async function shelved(place: Place, where: Where, mode: Mode): Promise<void> {
  if (where === 'in RAM') await attached(place, mode)
  else make(place, mode, 'one')
  await ok(place, 'snapshot', 'first')
  change(place, 'two')
}

async function shelvedLarge(place: Place, where: Where): Promise<void> {
  makeLarge(place, 'one')
  if (where === 'in RAM') await ok(place, 'attach')
  await place.endHolders()
  await ok(place, 'snapshot', 'first')
  change(place, 'two')
}

/** What keeps states, and puts others in their place. */
export const SNAPSHOT_CASES: readonly CrashCase[] = WHERE.flatMap((where): CrashCase[] => [
  ...MODES.flatMap((mode): CrashCase[] => [
    {
      name: `snapshot, ${where}, ${mode}`,
      prepare: (place) => shelved(place, where, mode),
      command: ['snapshot', 'second'],
      ...SNAPSHOT_AFTER,
    },
    {
      name: `restore under an app, ${where}, ${mode}`,
      prepare: (place) => shelved(place, where, mode),
      command: ['restore', 'first'],
      ...SNAPSHOT_AFTER,
      isOpen: true,
    },
  ]),
  // One journal mode in each place: what they do beyond a restore does not depend on it.
  ...(where === 'on disk' ? (['delete'] as const) : (['wal'] as const)).flatMap((mode): CrashCase[] => [
    {
      name: `undo, ${where}, ${mode}`,
      async prepare(place) {
        await shelved(place, where, mode)
        await ok(place, 'restore', 'first')
        change(place, 'three')
      },
      command: ['undo'],
      ...SNAPSHOT_AFTER,
    },
    {
      name: `reset, ${where}, ${mode}`,
      async prepare(place) {
        makeSetup(place)
        await ok(place, 'template', 'build')
        await shelved(place, where, mode)
      },
      command: ['reset'],
      ...SNAPSHOT_AFTER,
    },
    {
      name: `recovery, restore killed before it is noted, ${where}, ${mode}`,
      async prepare(place) {
        await shelved(place, where, mode)
        await killedAt(place, ['restore', 'first'], { key: NOTED, number: 2, blow: 'kill-before' })
      },
      command: ['snapshot', 'second'],
      ...SNAPSHOT_AFTER,
    },
  ]),
  {
    name: `swap, ${where}`,
    prepare: (place) => shelvedLarge(place, where),
    command: ['restore', 'first'],
    ...SNAPSHOT_AFTER,
  },
  {
    name: `undo of a swap, ${where}`,
    async prepare(place) {
      await shelvedLarge(place, where)
      await ok(place, 'restore', 'first')
    },
    command: ['undo'],
    ...SNAPSHOT_AFTER,
  },
])
