import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mayMount, mountVolume } from '../../test/support/small-volume.ts'
import { createLeasedFolder } from './leased-folder.ts'

test.skipIf(!mayMount)(
  'a folder that cannot get its lease is not left behind, and the file is named (needs root)',
  () => {
    using volume = mountVolume('size=64k')
    const within = join(volume.path, 'within')
    mkdirSync(within, { mode: 0o700 })
    // Full, but for names.
    try {
      writeFileSync(join(volume.path, 'filler'), Buffer.alloc(100_000))
    } catch {
      // That was the point.
    }
    expect(execFileSync('df', ['--output=avail', volume.path], { encoding: 'utf8' })).toMatch(/\n\s*0\n/)
    const attempt = (): string => createLeasedFolder(within, 'pool-')
    expect(attempt).toThrow(/^ENOSPC: .*, write '.*\/within\/begun-\w{6}\/maker\.json'$/)
    expect(readdirSync(within)).toEqual([])
  },
)
