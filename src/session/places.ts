import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { linkTarget, lookAt } from '../fs/look.ts'
import { isByStranger } from '../fs/strangers-file.ts'
import { looksLikeBuild } from '../volume/build-folder.ts'
import { looksLikeLive } from '../volume/live-folder.ts'

/**
 * Where everything of one database is. All of it follows from the origin's path alone: whichever folder a command is
 * started in, it finds the same state, and what must be renamed into place is on the origin's own file system.
 */
export interface Places {
  /** The path that the app is configured with, its folder without links. */
  readonly origin: string
  /** `.devshm` beside the origin. */
  readonly home: string
  /** This database's folder in it. */
  readonly store: string
  readonly lock: string
  readonly presence: string
  readonly record: string
  readonly lastSave: string
  readonly lastSaveFacts: string
  readonly snapshots: string
  /** The original file, for as long as the database is attached. */
  readonly attachSnapshot: string
  /**
   * The original file, while its path is lent to a build. Beside the origin and not in `.devshm/`, so that
   * `rm -rf .devshm` takes nothing away, and its name alone says what it is.
   */
  readonly original: string
  /** What was at the path before it was lent. */
  readonly lending: string
  /** What is being written; whatever is found here by the holder of the lock is left over from a crash. */
  readonly unfinished: string
}

export function placesOf(origin: string): Places {
  const home = join(dirname(origin), '.devshm')
  const store = join(home, basename(origin))
  return {
    origin,
    home,
    store,
    lock: join(store, 'lock'),
    presence: join(store, 'presence'),
    record: join(store, 'attachment.json'),
    lastSave: join(store, 'last-save.sqlite3'),
    lastSaveFacts: join(store, 'last-save.json'),
    snapshots: join(store, 'snapshots'),
    attachSnapshot: join(store, 'snapshots', '@attach.sqlite3'),
    original: join(dirname(origin), `.${basename(origin)}.devshm-original`),
    lending: join(store, 'lent.json'),
    unfinished: join(store, 'unfinished'),
  }
}

/**
 * The origin that a path means: our own link stands for the origin itself, a link of the user's own is followed (as
 * SQLite does, which keeps journals beside the target).
 *
 * @throws {DevshmError} `DATABASE_UNUSABLE`: a link that leads nowhere, or a folder that does not exist
 */
export function resolveOrigin(path: string): string {
  let current = resolve(path)
  for (let hops = 0; hops < 40; hops += 1) {
    const origin = join(realFolder(current), basename(current))
    const target = linkTarget(origin)
    if (target === undefined || looksLikeLive(target) || looksLikeBuild(target)) return origin
    requireOwnLink(origin)
    current = resolve(dirname(origin), target)
    if (lookAt(current) === undefined) {
      throw new DevshmError('DATABASE_UNUSABLE', `${origin} is a link to ${current}, which does not exist`, {
        hint: 'mend or remove the link, or name the database itself with --db',
        details: { path: origin, target: current },
      })
    }
  }
  throw new DevshmError('DATABASE_UNUSABLE', `${path} is a link that leads back to itself`, {
    hint: 'mend or remove the link',
    details: { path },
  })
}

/** @throws {DevshmError} `DATABASE_UNUSABLE`: somebody else may have put the link there, to have another file written to */
function requireOwnLink(link: string): void {
  if (!isByStranger(link)) return
  throw new DevshmError('DATABASE_UNUSABLE', `${link} is a link that another user has put into a shared folder`, {
    hint: 'remove the link, or name the database that it leads to with --db',
    details: { path: link },
  })
}

function realFolder(path: string): string {
  const folder = dirname(path)
  try {
    const real = realpathSync.native(folder)
    if (lookAt(real)?.isDirectory() === true) return real
    throw new DevshmError('DATABASE_UNUSABLE', `${path} cannot be: ${folder} is a file, not a folder`, {
      hint: 'name the database itself with --db',
      details: { path },
    })
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error
    throw new DevshmError('DATABASE_UNUSABLE', `the folder of ${path} does not exist`, {
      hint: `create ${folder}, or name another database with --db`,
      cause: error,
      details: { path },
    })
  }
}
