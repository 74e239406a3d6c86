import { existsSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { hasConfiguration } from './configuration-file.ts'

const MARKERS = ['manage.py', 'bin/rails', 'config.ru', 'package.json', 'pyproject.toml', 'composer.json', '.git']
const STICKY_AND_WORLD_WRITABLE = 0o1002

/**
 * The folder of the project that `cwd` is in: the nearest one at or above it with a devshm configuration, else the
 * nearest one that a project usually starts with (`manage.py`, `package.json`, `.git` …), else `cwd` itself.
 *
 * The home folder and the root of the file system are looked into for a configuration only (a stray `~/.git` makes no
 * project of everything below it). Above `home`, and in a folder that another user owns or may put files into (`/tmp`),
 * nothing is looked for, unless `cwd` is that folder: a configuration must not come from a stranger.
 */
export function findProjectRoot(cwd: string, home: string = homedir()): string {
  const start = resolve(cwd)
  const homes = [home, realPathOf(home)]
  const folders = [...foldersUpFrom(start, homes)]
  const mayHaveMarkers = (folder: string): boolean =>
    folder === start || (!homes.includes(folder) && dirname(folder) !== folder)
  return folders.find(hasConfiguration) ?? folders.filter(mayHaveMarkers).find(hasMarker) ?? start
}

function* foldersUpFrom(start: string, homes: readonly string[]): Generator<string> {
  const owners = [statSync(start, { throwIfNoEntry: false })?.uid, process.geteuid?.()]
  yield start
  let folder = start
  while (dirname(folder) !== folder && !homes.includes(folder)) {
    folder = dirname(folder)
    if (!isTrusted(folder, owners)) return
    yield folder
  }
}

function isTrusted(folder: string, owners: readonly (number | undefined)[]): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats === undefined || !owners.includes(stats.uid)) return false
  return (stats.mode & STICKY_AND_WORLD_WRITABLE) !== STICKY_AND_WORLD_WRITABLE
}

/** Whether a folder has one of the files that a project usually starts with. */
export function hasMarker(folder: string): boolean {
  return MARKERS.some((marker) => existsSync(join(folder, marker)))
}

function realPathOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}
