import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createFolderOnDisk } from '../support/django/disk-folder.ts'
import { run } from '../support/playground.ts'
import { LEFT, materialise, pictureOf, type Left } from './support/power/after-the-cut.ts'
import { Disk } from './support/power/disk.ts'
import { buildShim, createRecorder, type Call, type Shim } from './support/shim.ts'

let shim: Shim | undefined
beforeAll(async () => {
  shim = await buildShim()
})
afterAll(() => shim?.[Symbol.dispose]())

/** Every way in which the disk can be once a script is over and the power has failed: file names, and what is in them. */
async function afterPowerCuts(script: string): Promise<Record<Left, Record<string, string>>> {
  if (shim === undefined) throw new Error('there is no shim')
  const folder = createFolderOnDisk('devshm-disk-')
  onTestFinished(() => folder[Symbol.dispose]())
  const { path } = folder
  writeFileSync(join(path, 'file'), 'old')
  mkdirSync(join(path, 'below'))
  const disk = new Disk(path)
  using recorder = createRecorder(shim)
  const order = recorder.order({ roots: { project: path }, keepData: true })
  const program = `const fs = require('node:fs')
    const write = (name, text) => fs.writeFileSync(name, text)
    const sync = (name) => { const file = fs.openSync(name, 'r'); fs.fsyncSync(file); fs.closeSync(file) }
    ${script}`
  const outcome = await run(process.execPath, ['-e', program], { cwd: path, env: { ...process.env, ...order } })
  if (outcome.status !== 0) throw new Error(outcome.stderr)
  for (const call of recorder.calls()) disk.apply(call, recorder.bytesOf)
  const found = LEFT.map((left) => {
    materialise(disk, pictureOf(disk, left))
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
    const files = names.filter((name) => statSync(join(path, name)).isFile())
    return [left, Object.fromEntries(files.map((name) => [name, readFileSync(join(path, name), 'utf8')]))] as const
  })
  return Object.fromEntries(found) as Record<Left, Record<string, string>>
}

test('a file that is renamed into place without an fsync is old, empty, full of zeros, or new', async () => {
  expect(await afterPowerCuts(`write('new', 'new'); fs.renameSync('new', 'file')`)).toMatchObject({
    nothing: { file: 'old' },
    names: { file: '' },
    'names and sizes': { file: '\0\0\0' },
    everything: { file: 'new' },
  })
})

test('with an fsync of the file before, it is old or new', async () => {
  expect(await afterPowerCuts(`write('new', 'new'); sync('new'); fs.renameSync('new', 'file')`)).toMatchObject({
    nothing: { file: 'old' },
    names: { file: 'new' },
    'names and sizes': { file: 'new' },
    everything: { file: 'new' },
  })
})

test('with another one of the folder after, it is new', async () => {
  const found = await afterPowerCuts(`write('new', 'new'); sync('new'); fs.renameSync('new', 'file'); sync('.')`)
  expect(found).toEqual(Object.fromEntries(LEFT.map((left) => [left, { file: 'new' }])))
})

test('a new folder is lost with all that is synced in it, unless the one above is synced, too', async () => {
  const make = `fs.mkdirSync('made'); write('made/a', 'a'); sync('made/a'); sync('made')`
  expect((await afterPowerCuts(make)).nothing).toEqual({ file: 'old' })
  expect((await afterPowerCuts(`${make}; sync('.')`)).nothing).toMatchObject({ 'made/a': 'a' })
})

test('a file that is removed, moved, cut or linked to is what it was until its folder or itself is synced', async () => {
  const { nothing, everything } = await afterPowerCuts(`
    fs.linkSync('file', 'below/second'); sync('below'); fs.unlinkSync('file'); fs.truncateSync('below/second', 1)`)
  expect(nothing).toEqual({ file: 'old', 'below/second': 'old' })
  expect(everything).toEqual({ 'below/second': 'o' })
})

test('a call that the model does not know is an error, and so is one of a file that it has not seen made', () => {
  using folder = createFolderOnDisk('devshm-disk-')
  const disk = new Disk(folder.path)
  const call: Call = {
    pid: 1,
    thread: 1,
    parent: 1,
    program: 'node',
    key: 'this call',
    happened: 'done',
    result: 0,
    error: 0,
    flags: 0,
    kind: 'mknod',
    path: join(folder.path, 'pipe'),
  }
  const nothing = (): undefined => undefined
  expect(() => disk.apply(call, nothing)).toThrow('does not know this call')
  const now = { device: 1, inode: 1, mode: 0o100_644, size: 0, links: 1 }
  expect(() => disk.apply({ ...call, kind: 'sync', now }, nothing)).toThrow('has not seen made')
  expect(() => disk.apply({ ...call, kind: 'write', now, offset: 0 }, nothing)).toThrow('is not known')
  expect(disk.apply({ ...call, path: '/elsewhere' }, nothing)).toBe(false)
})
