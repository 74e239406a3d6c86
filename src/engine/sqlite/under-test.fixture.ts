import type { EngineUnderTest } from '../conformance.fixture.ts'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { ask, createDatabase, flipByte, itemsScript } from './databases.fixture.ts'
import { sqliteEngine } from './index.ts'

export const sqliteUnderTest: EngineUnderTest = {
  engine: sqliteEngine,
  create: (path, { items, journalMode }) => {
    createDatabase(path, itemsScript(items, journalMode === 'wal' ? 'wal' : 'delete'))
  },
  countItems: (path) => Number(ask(path, 'select count(*) from items')),
  damage: (path) => {
    // The middle of a page in the middle of the file: its cell pointers or its cells.
    flipByte(path, 4096 * 3 + 4)
  },
  startApp: async (path) => {
    const app = await openElsewhere(path)
    return {
      pid: app.pid,
      look: async () => Number((await app.sql('select count(*) from items'))[0]?.[0]),
      addItem: async () => void (await app.sql(`insert into items (body) values ('added')`)),
      beginWriting: () => app.script(`begin immediate; insert into items (body) values ('unfinished')`),
      commit: async () => void (await app.sql('commit')),
      kill: () => app.kill(),
      [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
    }
  },
}
