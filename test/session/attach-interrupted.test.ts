import { DatabaseSync } from 'node:sqlite'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inodeBehind } from '../../src/fs/look.ts'
import { findOpeners } from '../../src/process/open-files.ts'
import { createPlayground, DEVSHM, eventually, isLink } from '../support/playground.ts'
import { liveFilesIn } from './support/live-files.ts'

test('an attach that is interrupted before it is done leaves nothing in RAM and nobody behind', async () => {
  await using playground = await createPlayground()
  playground.sql('create table item (id); insert into item values (1)')
  await playground.devshm('run', '--', 'true')
  const lock = join(playground.folder, '.devshm/db.sqlite3/lock')
  // What any devshm command holds while it is at work on this database: the attach has to wait.
  using other = new DatabaseSync(lock)
  other.exec('begin exclusive')
  const attach = playground.start(...DEVSHM, 'attach')
  await attach.waitFor(/waiting for another devshm command/)
  const inode = inodeBehind(lock)
  const openers = await findOpeners(new Set(inode === undefined ? [] : [inode]))
  const holder = openers.find(({ pid }) => pid !== attach.pid)
  expect(holder).toBeDefined()
  attach.process.kill('SIGINT')
  await attach.exit
  other.exec('rollback')
  await eventually('the holder has ended', () => !existsSync(`/proc/${holder?.pid}`))
  expect(isLink(playground.origin)).toBe(false)
  expect(liveFilesIn(playground)).toEqual([])
})
