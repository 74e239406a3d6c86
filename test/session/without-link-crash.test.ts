import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Step } from '../../src/session/context.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { statusOf } from '../../src/session/status.ts'
import { createPlayground } from '../support/playground.ts'
import { contextOf } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'
import { dieAtStep } from './support/crashes.ts'
import { attachedWithoutLink, attachWithoutLink, expectFile, idsIn, snapshotsOf } from './support/without-link.ts'

interface Where {
  readonly action: 'attach' | 'detach'
  readonly step: Step
  /** Where another process opens live, so that the operation has to go back. */
  readonly openAt?: Step
}

const ATTACH = ['attach:locked', 'attach:copied', 'attach:kept', 'attach:recorded'] as const
const SAVE = ['save:pinned', 'save:staged', 'save:written', 'save:renamed'] as const
const DETACH = ['detach:locked', 'detach:saved', 'detach:recorded', 'detach:gone', 'detach:swapped'] as const

const CRASHES: readonly Where[] = [
  ...ATTACH.map((step) => ({ action: 'attach', step }) as const),
  ...[...SAVE, ...DETACH].map((step) => ({ action: 'detach', step }) as const),
  { action: 'detach', step: 'detach:undoing', openAt: 'detach:recorded' },
]

/** Where it is not attached yet, or not any more. */
const IS_ON_DISK_AT: ReadonlySet<Step> = new Set(['attach:locked', 'attach:copied', 'attach:kept', 'detach:swapped'])

const inMode = (mode: string, crashes: readonly Where[]) => crashes.map((where) => ({ mode, ...where }))

describe('killed without a link', () => {
  // Saves are the same by both routes.
  test.each([
    ...inMode('delete', CRASHES),
    ...inMode(
      'wal',
      CRASHES.filter(({ step }) => !step.startsWith('save')),
    ),
  ])(
    '($mode) during $action at $step, the next command makes it right and loses nothing',
    async ({ mode, ...where }) => {
      await using playground = await createPlayground()
      playground.sql(`pragma journal_mode = ${mode}; create table item (id); insert into item values (1)`)
      let opened = ''
      if (where.action !== 'attach') {
        const { app, live } = await attachWithoutLink(playground)
        app('insert into item values (2)')
        opened = live
      }
      await dieAtStep(playground, { ...where, opened, route: 'hook' })
      // Even now the path leads to a whole database.
      expect([[1], [1, 2]]).toContainEqual(idsIn(playground))
      expect(lstatSync(playground.origin).isFile()).toBe(true)

      const { state } = await statusOf(contextOf(playground))
      expect(state).toBe(IS_ON_DISK_AT.has(where.step) ? 'on-disk' : 'in-ram')

      const next = await playground.devshm('detach', '--db', 'db.sqlite3')
      expect(next.stderr).not.toMatch(/unexpected|cannot|failed|replaced|removed|was changed/)
      expect(next.status).toBe(0)
      expectFile(playground)
      expect(idsIn(playground)).toEqual(where.action === 'attach' ? [1] : [1, 2])
      expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
      expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }])
      expect(liveFilesIn(playground)).toEqual([])
      expect(readdirSync(join(playground.folder, '.devshm/db.sqlite3/unfinished'))).toEqual([])
      expect(snapshotsOf(playground).filter((name) => name !== '@attach.sqlite3')).toEqual([])
      expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
      const context = contextOf(playground)
      expect(await locked(context, () => recover(context))).toBeUndefined()
      expect(context.events).toEqual([])
    },
  )
})

test('what was away for a moment when devshm was killed is back where its processes look for it', async () => {
  await using session = await attachedWithoutLink()
  const { playground, app, live } = session
  app('insert into item values (2)')
  await dieAtStep(playground, { action: 'detach', step: 'detach:gone', opened: '', route: 'hook' })
  expect(existsSync(live)).toBe(false)
  const context = contextOf(playground)
  expect(await locked(context, () => recover(context))).toMatchObject({ live })
  expect(idsIn(playground, live)).toEqual([1, 2])
})
