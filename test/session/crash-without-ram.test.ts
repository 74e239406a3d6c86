import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, eventually } from '../support/playground.ts'
import { crash, CRASHES, type Crash } from './support/crashes.ts'
import { liveFilesIn } from './support/live-files.ts'

const STORE = '.devshm/db.sqlite3'

/** Before these, row 2 had never been written to disk. */
const UNSAVED = new Set(['save:pinned', 'save:staged', 'save:written', 'detach:locked'])

const isSaved = ({ action, step }: Crash): boolean => action !== 'attach' && !UNSAVED.has(step)

test.each(CRASHES)(
  'killed during $action at $step together with the RAM, the disk has what was saved',
  async (where) => {
    await using playground = await createPlayground()
    playground.sql('create table item (id); insert into item values (1)')
    await crash(playground, where)
    await rm(join(playground.volume, `devshm-${process.getuid?.()}`), { recursive: true, force: true })

    await eventually('whoever had it open has gone', async () => {
      const run = ['run', '--db', 'db.sqlite3', '--', 'sqlite3', 'db.sqlite3', 'select id from item']
      const { status, stdout, stderr } = await playground.devshm(...run)
      if (stderr.includes('is open in')) return false
      expect(stderr).not.toMatch(/unexpected|cannot|failed/)
      expect({ status, stdout }).toEqual({ status: 0, stdout: isSaved(where) ? '1\n2\n' : '1\n' })
      return true
    })
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(existsSync(join(playground.folder, STORE, 'last-save.sqlite3'))).toBe(false)
    expect(readdirSync(join(playground.folder, STORE, 'unfinished'))).toEqual([])
    expect(liveFilesIn(playground)).toEqual([])
  },
)
