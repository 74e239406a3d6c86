import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, endHolders, eventually, isLink, liveOf, type Playground } from '../support/playground.ts'
import { mayMount, mountVolume, type SmallVolume } from '../support/small-volume.ts'

async function withDatabaseIn(volume: SmallVolume): Promise<Playground> {
  const playground = await createPlayground()
  playground.env['DEVSHM_VOLUME'] = volume.path
  playground.sql('create table t (a, data); insert into t values (1, zeroblob(100000))')
  return playground
}

describe.runIf(mayMount)('a volume in trouble (needs root, for mounts)', () => {
  test('that vanishes while a session runs: the last save comes back, the app goes on, and it is said', async () => {
    using volume = mountVolume('size=16m')
    await using playground = await withDatabaseIn(volume)
    const run = playground.start('sh', '-c', 'exec "$@"', 'sh', ...devshmRun('0.2'), 'sh', '-c', 'echo up; read line')
    await run.waitFor(/^up$/m)
    playground.sql("insert into t values (2, '')")
    await run.waitFor(/devshm: saved db\.sqlite3/)
    execFileSync('umount', ['--lazy', volume.path])
    await run.waitFor(/the RAM of db\.sqlite3 is gone.*\n {2}Restored the last save/)
    await run.waitFor(/there is no RAM-backed folder here \(.* is not in RAM\)/)
    expect(isLink(playground.origin)).toBe(false)
    playground.sql("insert into t values (3, '')")
    run.process.stdin?.write('\n')
    expect(await run.exit).toBe(0)
    expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
    // Nothing was put into the folder that was under it, which is on disk.
    expect(readdirSync(volume.path)).toEqual([])
    execFileSync('mount', ['-t', 'tmpfs', 'devshm-test', volume.path])
  })

  test('that vanishes after devshm was killed: the next command restores the last save', async () => {
    using volume = mountVolume('size=16m')
    await using playground = await withDatabaseIn(volume)
    await playground.devshm('attach')
    playground.sql("insert into t values (2, '')")
    await playground.devshm('save')
    playground.sql("insert into t values (3, '')")
    await endHolders(volume.path)
    execFileSync('umount', ['--lazy', volume.path])
    execFileSync('mount', ['-t', 'tmpfs', 'devshm-test', volume.path])
    const { status, stderr } = await playground.devshm('detach')
    expect(stderr).toContain('Restored the last save')
    expect(status).toBe(0)
    expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }])
  })

  test('that becomes read-only: every command says so and leaves all as it is, until it can be written to', async () => {
    using volume = mountVolume('size=16m')
    await using playground = await withDatabaseIn(volume)
    await playground.devshm('attach')
    playground.sql("insert into t values (2, '')")
    const live = liveOf(playground.origin)
    // Only when nobody writes there any more will the kernel do it.
    await endHolders(volume.path)
    await eventually('remounted', async () => {
      return (await playground.command('mount', '-o', 'remount,ro', volume.path)).status === 0
    })
    for (const command of [['save'], ['detach'], ['run', '--', 'touch', 'ran']]) {
      const { status, stderr } = await playground.devshm(...command)
      expect(stderr).toBe(
        `devshm: ${volume.path} has become read-only, with ${playground.origin} in it\n` +
          `  make it writable again: mount -o remount,rw ${volume.path}   (the data is in ${live})\n`,
      )
      expect(status).toBe(1)
    }
    expect(existsSync(join(playground.folder, 'ran'))).toBe(false)
    expect(liveOf(playground.origin)).toBe(live)
    execFileSync('mount', ['-o', 'remount,rw', volume.path])
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }])
  })

  test('that is 90% full: a session says so once and names what takes most of it, and so do status and list', async () => {
    using volume = mountVolume('size=5m')
    await using playground = await withDatabaseIn(volume)
    const run = playground.start('sh', '-c', 'exec "$@"', 'sh', ...devshmRun('0.2'), 'sh', '-c', 'echo up; read line')
    await run.waitFor(/^up$/m)
    expect(run.output).not.toContain('nearly full')
    // The database itself.
    playground.sql('pragma journal_mode = memory; insert into t values (2, zeroblob(4650000))')
    await run.waitFor(/is nearly full: 4\.\d MB of 5\.2 MB are taken\n/)
    await run.waitFor(/most of it by \/.* \(4\.\d MB\); devshm volume list shows the rest/)
    // Fuller still, and looked at again: each save comes after such a look.
    for (const more of [50_000, 50_000]) {
      const saves = countOf(run.output, /devshm: saved/g)
      playground.sql(`insert into t values (3, zeroblob(${more}))`)
      await eventually('saved again', () => countOf(run.output, /devshm: saved/g) > saves)
    }
    for (const args of [
      ['volume', 'list'],
      ['status', '--all'],
    ]) {
      const { stdout } = await playground.devshm(...args)
      expect(stdout).toMatch(/ {2}warning: .* is nearly full: .* are taken\n {4}most of it by /)
    }
    const { findings } = JSON.parse((await playground.devshm('doctor', '--json')).stdout) as {
      findings: { check: string; level: string; message: string }[]
    }
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'volumes', level: 'warning', message: expect.stringContaining('nearly full') }),
    )
    run.process.stdin?.write('\n')
    expect(await run.exit).toBe(0)
    expect(countOf(run.output, /nearly full/g)).toBe(1)
    expect(playground.sql('select count(*) as rows from t')).toEqual([{ rows: 4 }])
  })

  test('that is full of what is not ours: that is said', async () => {
    using volume = mountVolume('size=16m')
    await using playground = await withDatabaseIn(volume)
    writeFileSync(join(volume.path, 'film'), Buffer.alloc(15_500_000))
    const { stdout } = await playground.devshm('volume', 'list')
    expect(stdout).toContain('most of it by files that are not of your devshm (15.5 MB)')
  })
})

function countOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length
}

function devshmRun(saveEvery: string): string[] {
  const main = join(import.meta.dirname, '../../src/cli/main.ts')
  return [process.execPath, main, 'run', '--save-every', saveEvery, '--']
}
