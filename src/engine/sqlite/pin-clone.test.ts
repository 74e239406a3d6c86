import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mountSharing } from '../../../test/session/support/mounts.ts'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { freeBytes } from '../../fs/space.ts'
import { ask, createDatabase, itemsScript, JOURNAL_MODES } from './databases.fixture.ts'
import { pin } from './pin.ts'

test.each(JOURNAL_MODES)(
  'where files can be clones, a copy of a database in %s mode is the pinned state, and the pin holds on',
  async (mode) => {
    using disk = mountSharing()
    // Not as root, or without XFS.
    if (disk === undefined) return
    const path = createDatabase(join(disk.path, 'db'), itemsScript(20_000, mode))
    await using app = await openElsewhere(path)
    await app.script(`insert into items (body) values ('last')`)
    const copies = ['one', 'two'].map((name) => join(disk.path, name))
    const free = await freeBytes(disk.path)
    {
      using pinned = await pin(path)
      for (const copy of copies) await pinned.copyTo(copy, 0o640)
      const write = app.sql(`insert into items (body) values ('later')`)
      if (mode === 'delete') await expect(write).rejects.toThrow('locked')
      else await write
    }
    if (mode === 'delete') expect(free - (await freeBytes(disk.path))).toBeLessThan(4_000_000)
    for (const copy of copies) {
      expect(statSync(copy).mode & 0o777).toBe(0o640)
      expect(ask(copy, 'select count(*) from items')).toBe(20_001)
      expect(ask(copy, 'pragma integrity_check')).toBe('ok')
    }
  },
)
