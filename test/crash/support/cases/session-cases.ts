import { unlinkSync } from 'node:fs'
import type { CrashCase } from '../crash-case.ts'
import { attached, change, DETACH_AFTER, killedAt, losePower, make, MODES, ok, SAVE_AFTER } from './situations.ts'

const SWAP = 'rename project/.devshm/db.sqlite3/unfinished/link -> project/db.sqlite3'

/** Between disk and RAM, and back from whatever happened meanwhile. */
export const SESSION_CASES: readonly CrashCase[] = [
  ...MODES.flatMap((mode): CrashCase[] => [
    {
      name: `attach, ${mode}`,
      prepare: async (place) => make(place, mode, 'one'),
      command: ['attach'],
      ...DETACH_AFTER,
    },
    {
      name: `save, ${mode}`,
      async prepare(place) {
        await attached(place, mode)
        change(place, 'two')
        await ok(place, 'save')
        change(place, 'three')
      },
      command: ['save'],
      ...SAVE_AFTER,
    },
    {
      name: `detach, ${mode}`,
      async prepare(place) {
        await attached(place, mode)
        change(place, 'two')
      },
      command: ['detach'],
      ...DETACH_AFTER,
    },
    {
      name: `recovery, power cut, ${mode}`,
      async prepare(place) {
        await attached(place, mode)
        change(place, 'two')
        await ok(place, 'save')
        await losePower(place)
      },
      command: ['save'],
      ...DETACH_AFTER,
      isRamGone: true,
    },
  ]),
  {
    name: 'attach, first of all',
    prepare: async () => undefined,
    command: ['attach', '--db', 'db.sqlite3'],
    next: ['detach', '--db', 'db.sqlite3'],
    rewrites: /sqlite3\/detached$/,
  },
  {
    name: 'detach, unchanged',
    prepare: (place) => attached(place, 'delete'),
    command: ['detach'],
    ...DETACH_AFTER,
  },
  {
    name: 'run',
    prepare: async (place) => make(place, 'delete', 'one'),
    command: ['run', '--', 'sqlite3', 'db.sqlite3', "update item set word = 'two'"],
    ...DETACH_AFTER,
  },
  {
    name: 'recovery, power cut before any save',
    async prepare(place) {
      await attached(place, 'delete')
      await losePower(place)
    },
    command: ['save'],
    ...DETACH_AFTER,
    isRamGone: true,
  },
  {
    name: 'recovery, attach killed before its swap',
    async prepare(place) {
      make(place, 'delete', 'one')
      await killedAt(place, ['attach'], { key: SWAP, number: 1, blow: 'kill-before' })
    },
    command: ['detach'],
    ...DETACH_AFTER,
  },
  {
    name: 'recovery, attach killed after its swap',
    async prepare(place) {
      make(place, 'delete', 'one')
      await killedAt(place, ['attach'], { key: SWAP, number: 1, blow: 'kill-after' })
    },
    command: ['save'],
    ...SAVE_AFTER,
  },
  {
    name: 'recovery, file replaced while in RAM',
    async prepare(place) {
      await attached(place, 'delete')
      change(place, 'two')
      unlinkSync(place.origin)
      make(place, 'delete', 'other')
    },
    command: ['save'],
    // Where what was in RAM cannot be kept, the state at attach is, which is on disk; and the other one with the next command.
    mayLeaveIfFailed: /@replaced-2\.sqlite3$/,
    ...SAVE_AFTER,
  },
]
