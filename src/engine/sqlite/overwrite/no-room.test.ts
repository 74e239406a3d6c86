import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mayMount, mountVolume } from '../../../../test/support/small-volume.ts'
import type { OverwriteOptions } from '../../engine.ts'
import { ask, createDatabase, createPlace, itemsScript, JOURNAL_MODES } from '../databases.fixture.ts'
import { overwrite } from './overwrite.ts'

const go: OverwriteOptions['before'] = async () => 'go on'

describe.each(JOURNAL_MODES)('a database in %s mode', (mode) => {
  test.skipIf(!mayMount)('a full volume leaves the old content (needs root)', async () => {
    using volume = mountVolume('size=24m')
    using place = createPlace('ram')
    const path = createDatabase(`${volume.path}/db`, itemsScript(1000, mode))
    const large = createDatabase(place.path('large'), itemsScript(24_000))
    const early = overwrite(path, large, { before: go, stageIn: place.folder })
    await expect(early).rejects.toMatchObject({ code: 'NO_SPACE', message: expect.stringContaining('needs') as string })
    const fill = (): void => {
      createDatabase(`${volume.path}/greedy`, `create table t (x); insert into t values (zeroblob(20000000))`)
    }
    // The room is gone after it was looked for: when the old state is kept, and when the copy has begun.
    const fits = createDatabase(place.path('fits'), itemsScript(6000))
    const filling: Partial<OverwriteOptions>[] = [
      { before: async () => (fill(), 'go on') },
      { onProgress: onlyOnce(fill) },
    ]
    for (const options of filling) {
      const late = overwrite(path, fits, { before: go, stageIn: place.folder, ...options })
      await expect(late).rejects.toMatchObject({ code: 'NO_SPACE', message: expect.stringContaining(path) as string })
      rmSync(`${volume.path}/greedy`)
      expect(ask(path, 'select count(*) from items')).toBe(1000)
      expect(ask(path, 'pragma integrity_check')).toBe('ok')
    }
  })
})

test.skipIf(!mayMount)(
  'without room to empty the log, the content is the new one all the same (needs root)',
  async () => {
    using volume = mountVolume('size=6m')
    using place = createPlace()
    const path = createDatabase(`${volume.path}/db`, itemsScript(1, 'wal'))
    const from = createDatabase(place.path('new'), itemsScript(1200))
    // Leaves room for the log, and none for the pages that are new in the file.
    const onProgress = onlyOnce(() => {
      createDatabase(`${volume.path}/greedy`, `create table t (x); insert into t values (zeroblob(4400000))`)
    })
    expect(await overwrite(path, from, { before: go, onProgress, stageIn: place.folder })).toBe('overwritten')
    rmSync(`${volume.path}/greedy`)
    expect(ask(path, 'select count(*) from items')).toBe(1200)
    expect(ask(path, 'pragma integrity_check')).toBe('ok')
  },
)

function onlyOnce(action: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) action()
    isDone = true
  }
}
