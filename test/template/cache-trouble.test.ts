import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mayMount, mountVolume } from '../support/small-volume.ts'
import { createShellProject } from './support/shell-project.ts'

test.skipIf(!mayMount)(
  'a full disk under the cache is one clear line, and leaves no half of a layer (needs root)',
  async () => {
    using volume = mountVolume('size=1m')
    await using project = await createShellProject()
    project.env['DEVSHM_CACHE'] = join(volume.path, 'cache')
    project.configure({
      setup: [{ run: `sqlite3 "$APP_DB" "create table t (x); insert into t values (zeroblob(2000000))"`, inputs: [] }],
    })
    project.sql('create table mine (x)')
    const { status, stderr } = await project.devshm('reset')
    expect(status).toBe(1)
    expect(stderr).toMatch(/\ndevshm: keeping a template needs 2\.0 MB, \S+ has .* free\n {2}free some space/)
    expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'mine' }])
    for (const folder of ['layers', 'unfinished']) expect(readdirSync(join(volume.path, 'cache', folder))).toEqual([])
  },
)

test.skipIf(!mayMount)(
  'a cache that can only be read is used; what would change it says why it cannot (needs root)',
  async () => {
    using volume = mountVolume('size=8m')
    await using project = await createShellProject()
    project.env['DEVSHM_CACHE'] = join(volume.path, 'cache')
    expect(await project.devshm('template', 'build')).toMatchObject({ status: 0 })
    execFileSync('mount', ['-o', 'remount,ro', volume.path])
    expect(await project.devshm('reset')).toMatchObject({ status: 0 })
    expect(project.sql('select count(*) as n from item')).toEqual([{ n: 2 }])
    expect(project.runs()).toEqual({ migrate: 1, load: 1 })
    project.write('fixtures/items.sql', '')
    for (const command of [['reset'], ['template', 'prune', '--all']]) {
      const { status, stderr } = await project.devshm(...command)
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringMatching(/read-only|not accessible/) as string,
      })
      expect(stderr).not.toContain('unexpected')
    }
  },
)
