import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'
import { quoted } from '../fs/quoted.ts'
import { lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import { writeFileInOneStep } from '../fs/replace.ts'
import { placesOf, type Places } from './places.ts'

/**
 * Make `.devshm/` and this database's folder in it, private to the user and ignored by git. What is synced in there later
 * is found again after a power cut: the folders' own names are on the disk, too.
 */
export async function ensureStore(places: Places): Promise<void> {
  requireOwnHome(places)
  const { home, store, snapshots, unfinished } = places
  const made = [home, store, snapshots, unfinished].filter((folder) => ensurePrivateDirectory(folder) === 'made')
  writeUnlessThere(join(home, '.gitignore'), '*\n')
  for (const parent of new Set(made.map((folder) => dirname(folder)))) await syncDirectory(parent)
}

/** @throws {DevshmError} `UNSAFE_FOLDER`: `.devshm/` is another user's, as after `sudo devshm` */
export function requireOwnHome({ home }: Places): void {
  const stats = lookAt(home)
  if (stats?.isDirectory() !== true || Number(stats.uid) === process.geteuid?.()) return
  throw new DevshmError('UNSAFE_FOLDER', `${home} belongs to another user (uid ${stats.uid}), who used devshm here`, {
    hint: 'run devshm as that user; once it is detached, the folder can be removed',
    details: { path: home },
  })
}

/** The same for looking alone, which root may always. */
export function requireReadableHome(places: Places): void {
  if (process.geteuid?.() !== 0) requireOwnHome(places)
}

/** Remove what a crashed command left half-written. Only under the lock: what is there then belongs to nobody. */
export function sweepUnfinished(places: Places): void {
  for (const name of readdirSync(places.unfinished))
    rmSync(join(places.unfinished, name), { recursive: true, force: true })
}

/**
 * A free name among the snapshots: `@replaced`, `@replaced-2` … An automatic snapshot never overwrites another.
 */
export function freeSnapshotName(places: Places, name: string): string {
  const taken = new Set(readdirSync(places.snapshots))
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (!taken.has(`${candidate}.sqlite3`)) return candidate
  }
}

/** What a person finds who has a dangling link and neither devshm nor Node. Names every database beside it. */
export async function writeReadme(places: Places): Promise<void> {
  const entries = readdirSync(places.home, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const text = `# What this is

devshm keeps databases in RAM while you work: the file beside this folder is then a symbolic link into RAM (or, with
\`devshm run --no-link\`, the file as it was before), and in here are copies of it on disk. If it is a link that leads nowhere, the machine was restarted (or you were logged out) before
it was brought back. Any devshm command that acts, such as \`devshm detach\`, restores the last save.

Without devshm, in the folder above this one:
${names
  .toSorted()
  .map((name) => restoreByHand(placesOf(join(dirname(places.home), name)), name))
  .join('')}
These are ordinary SQLite databases. Do not remove this folder while a database is a link.
`
  const path = join(places.home, 'README')
  if (lookAt(path)?.isFile() === true && readFileSync(path, 'utf8') === text) return
  await writeFileInOneStep(path, text, join(places.unfinished, 'README'))
}

function restoreByHand({ original }: Places, name: string): string {
  // Taken for a path and not for options.
  const path = quoted(name.startsWith('-') ? `./${name}` : name)
  if (lookAt(original) !== undefined) {
    return `
    mv -f ${quoted(basename(original))} ${path}

  (a template of it was being built: until then its path leads to another database, and this is the file itself)
`
  }
  return `
    rm ${path}
    cp ${quoted(`.devshm/${name}/last-save.sqlite3`)} ${path}

  or, if there is no last-save.sqlite3 because nothing was saved since devshm took over:

    rm ${path}
    cp ${quoted(`.devshm/${name}/snapshots/@attach.sqlite3`)} ${path}
`
}

function writeUnlessThere(path: string, text: string): void {
  if (lookAt(path) !== undefined) return
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
  }
}
