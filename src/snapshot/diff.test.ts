import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createPlayground, liveOf } from '../../test/support/playground.ts'
import type { Engine } from '../engine/engine.ts'
import { sqliteEngine } from '../engine/sqlite/index.ts'
import { placesOf } from '../session/places.ts'
import { diffDatabase } from './diff.ts'

test('what the app or a detach may write to is compared as a copy, which is gone as soon as it is open', async () => {
  const project = await createPlayground()
  onTestFinished(() => project[Symbol.asyncDispose]())
  project.sql('create table t (id integer primary key, v); insert into t values (1, 1)')
  await project.devshm('attach')
  project.sql('insert into t values (2, 2)')
  const places = placesOf(project.origin)
  const live = liveOf(project.origin)
  let isChecked = false
  const engine: Engine = {
    ...sqliteEngine,
    diff: async (a, b, options) =>
      await sqliteEngine.diff(a, b, {
        ...options,
        onOpened: async () => {
          expect([a, b]).not.toContain(live)
          expect([a, b]).not.toContain(places.attachSnapshot)
          expect([a, b].map(dirname)).toEqual([dirname(live), dirname(live)])
          await options.onOpened?.()
          expect([a, b].filter((path) => existsSync(path))).toEqual([])
          // Others can work on the database while the rows are compared.
          expect((await project.devshm('save')).status).toBe(0)
          isChecked = true
        },
      }),
  }
  const context = { places, engine, volume: { env: project.env }, report: () => {} }
  const { diff } = await diffDatabase(context, { cwd: project.folder, rows: true })
  expect(isChecked).toBe(true)
  expect(diff.tables).toMatchObject([{ added: 1 }])
})
