import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, eventually } from '../support/playground.ts'
import { attachIn, contextOf, saveIn } from './support/in-process.ts'

/** Never longer than its test, however that ends: what it writes to is RAM. */
const WRITER = `
import os, sqlite3, sys, time
parent = os.getppid()
c = sqlite3.connect('db.sqlite3', timeout=30, isolation_level=None)
n = 0
while os.getppid() == parent:
    c.execute('begin immediate')
    c.execute('update account set balance = balance - 1 where id = 1')
    c.execute('update account set balance = balance + 1 where id = 2')
    c.execute('insert into item (data) values (zeroblob(2000))')
    c.execute('commit')
    n += 1
    # A breath, or the database grows faster than a busy machine can check it.
    time.sleep(0.001)
    if n == 1: print('writing', flush=True)
`

test.each(['delete', 'wal'])(
  'saves made while another process writes are each one committed state (%s)',
  async (mode) => {
    await using playground = await createPlayground()
    playground.sql(`pragma journal_mode = ${mode}; create table item (id integer primary key autoincrement, data);
    create table account (id, balance); insert into account values (1, 0), (2, 0)`)
    const context = contextOf(playground)
    await attachIn(context)
    const writer = playground.start('/usr/bin/python3', '-c', WRITER)
    await writer.waitFor(/writing/)
    const lastSave = join(playground.folder, '.devshm/db.sqlite3/last-save.sqlite3')
    const rows = (): number => Number(playground.sql('select count(*) as rows from item')[0]?.['rows'])
    let inLastSave = 0
    for (let round = 0; round < 10; round += 1) {
      await eventually('the writer goes on', () => rows() > inLastSave)
      const committed = rows()
      expect(await saveIn(context)).toMatchObject({ wrote: true })
      expect(playground.sql('pragma integrity_check', lastSave)).toEqual([{ integrity_check: 'ok' }])
      const state =
        'select sum(balance) as sum, max(balance) as moved, (select count(*) from item) as rows, (select max(id) from item) as last from account'
      const [saved] = playground.sql(state, lastSave)
      expect(saved).toMatchObject({ sum: 0, moved: saved?.['rows'], last: saved?.['rows'] })
      inLastSave = Number(saved?.['rows'])
      expect(inLastSave).toBeGreaterThanOrEqual(committed)
    }
    // The writer was never refused: it waited at most as long as a copy takes.
    expect(writer.process.exitCode).toBeNull()
    writer.process.kill('SIGKILL')
    await writer.exit
  },
)
