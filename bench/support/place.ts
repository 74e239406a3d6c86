import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createFolderOnDisk } from '../../test/support/django/disk-folder.ts'
import { PYTHON, run, workload, type Surroundings } from './programs.ts'

/** A project folder on disk, and a folder in RAM that is devshm's volume and takes the contenders' own copies. */
export interface Place extends Disposable, Surroundings {
  readonly ram: string
  /** `db.sqlite3` in the project. */
  readonly origin: string
}

export function createPlace(): Place {
  using cleanUp = new DisposableStack()
  const { path: cwd } = cleanUp.use(createFolderOnDisk('devshm-bench-'))
  const { path: cache } = cleanUp.use(createFolderOnDisk('devshm-bench-cache-'))
  const ram = mkdtempSync('/dev/shm/devshm-bench-')
  cleanUp.defer(() => rmSync(ram, { recursive: true, force: true }))
  const held = cleanUp.move()
  return {
    cwd,
    ram,
    origin: join(cwd, 'db.sqlite3'),
    env: { ...process.env, DEVSHM_VOLUME: ram, DEVSHM_CACHE: cache, LC_ALL: 'C.UTF-8' },
    [Symbol.dispose]: () => held.dispose(),
  }
}

/** Make a database of about this size at `path`, of rows of a kilobyte. */
export async function makeDatabase(place: Place, path: string, megabytes: number): Promise<void> {
  await run([PYTHON, workload('make-database.py'), path, String(megabytes)], place)
  settle(path)
}

/** Copy a database that is closed over another, with no log or journal beside it, and wait until it is on disk. */
export function copyFresh(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${to}${suffix}`, { force: true })
  copyFileSync(from, to)
  settle(to)
}

function settle(path: string): void {
  for (const each of [path, join(path, '..')]) {
    const file = openSync(each, 'r')
    fsyncSync(file)
    closeSync(file)
  }
}
