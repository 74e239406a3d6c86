import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DevshmError } from '../errors.ts'
import { inodeOf, linkTarget, lookAt } from '../fs/look.ts'
import { renameDurably } from '../fs/replace.ts'
import { requireSpace } from '../fs/space.ts'
import { syncDirectory, syncFile } from '../fs/sync.ts'
import { removeFile } from '../fs/remove.ts'
import { looksLikeBuild } from '../volume/build-folder.ts'
import { reach, type Context } from './context.ts'
import { examine } from './examine.ts'
import { keepAsSnapshot, type KeptSnapshot } from './keep-as-snapshot.ts'
import { findLending, forgetLending, type Lending } from './lending.ts'
import { listOpeners } from './list-openers.ts'
import { requireFaithful } from './require-faithful.ts'
import { writeReadme } from './store.ts'
import { moveStraySidecarsAside } from './stray-sidecars.ts'
import { prepareLink } from './swap.ts'

/**
 * After a build that was killed with the path lent: put back what was there. Under the database's lock. What a step, or
 * the user, has put at the path meanwhile is kept as a snapshot.
 *
 * @throws {DevshmError} `LOCKED`: the build still runs (`.devshm/` with its lock was removed); `IN_USE`: what is at the
 *   path now is open; `LOST`: nothing says what was there
 */
export async function recoverLending(context: Context): Promise<void> {
  const { places, report } = context
  const lending = await findLending(places)
  if (lending === undefined) {
    await tidyLending(context)
    return
  }
  if (lending.maker !== undefined && lending.maker.pid !== process.pid) {
    throw new DevshmError('LOCKED', `a template of ${places.origin} is being built by pid ${lending.maker.pid}`, {
      hint: 'wait for it to end and try again',
      details: { path: places.origin, pid: lending.maker.pid },
    })
  }
  const kept = await keepWhatIsThere(context)
  const was = lending.was.kind === 'unknown' ? await linkToNewestStray(context) : lending.was
  // Logs and journals are the original's own until it was found closed, and may hold what was committed last.
  if (lending.hasBegun) await moveStraySidecarsAside(context)
  await putPathBack(context, was)
  report({ type: 'put-back', origin: places.origin, ...kept })
}

/** `.devshm/` was removed as well, but RAM knows what it belongs to. */
async function linkToNewestStray({ places, volume }: Context): Promise<Lending['was']> {
  const { strays } = await examine(places, volume)
  const newest = strays.toSorted((a, b) => Date.parse(b.attachedAt) - Date.parse(a.attachedAt))[0]
  return newest === undefined ? { kind: 'unknown' } : { kind: 'link', target: newest.live }
}

/** Make the path again what it was, by one rename. The original is the very file: same inode, never written to. */
export async function putPathBack(context: Context, was: Lending['was']): Promise<void> {
  const { places } = context
  const { origin, original } = places
  switch (was.kind) {
    case 'file':
      await renameDurably(original, origin)
      break
    case 'link':
      await renameDurably(prepareLink(places, was.target), origin)
      break
    case 'absent':
      await removeFile(origin)
      await syncDirectory(dirname(origin))
      break
    case 'unknown':
      throw new DevshmError(
        'LOST',
        `${origin} leads to ${linkTarget(origin)}, and nothing says what was there before`,
        {
          hint: `remove the link (rm ${origin}) and restore a backup, or set the database up again`,
          details: { path: origin },
        },
      )
  }
  await reach(context, 'lent:back')
  await tidyLending(context)
}

/** Remove the record, and the second name of an original that is at its path. */
export async function tidyLending(context: Context): Promise<void> {
  const { places } = context
  const [kept, there] = [lookAt(places.original), lookAt(places.origin)]
  // It did not come to the swap: one file with two names.
  if (kept !== undefined && there !== undefined && inodeOf(kept) === inodeOf(there)) {
    await rm(places.original)
    await syncDirectory(dirname(places.origin))
  }
  if (lookAt(places.lending) === undefined) return
  forgetLending(places)
  await writeReadme(places)
}

/** Nobody can tell whether a killed step or the user has put it there, so it is not dropped. */
async function keepWhatIsThere(context: Context): Promise<KeptSnapshot | undefined> {
  const { engine, places } = context
  const { origin } = places
  const link = linkTarget(origin)
  const stats = lookAt(origin)
  if (stats === undefined || (link !== undefined && looksLikeBuild(link))) return undefined
  const facts = stats.isFile() ? await engine.inspect(origin) : { kind: 'other' }
  if (facts.kind === 'other') await movePathAside(context)
  if (facts.kind !== 'database') return undefined
  const openers = await engine.findOpeners(origin, { includeSelf: true })
  if (openers.length > 0) {
    throw new DevshmError(
      'IN_USE',
      `${origin}, left by a build that was interrupted, is open in ${listOpeners(openers)}`,
      {
        hint: 'stop that first; then what was there before is put back, and what is there now is kept as a snapshot',
        details: { path: origin, openers },
      },
    )
  }
  using _lock = await engine.lockWriters(origin)
  using pinned = await engine.pin(origin)
  if (pinned.pageCount === 0) return undefined
  const copy = join(places.unfinished, 'replaced.sqlite3')
  await requireSpace(places.store, pinned.bytes, `keeping what is at ${origin}`)
  await pinned.copyTo(copy, 0o600)
  await syncFile(copy)
  await requireFaithful(context, copy, pinned)
  return await keepAsSnapshot(context, copy)
}

/** Something at the path that is no database, out of the way of what belongs there. */
export async function movePathAside({ places, report }: Context): Promise<void> {
  const { origin, store } = places
  const to = join(store, `stray-${Date.now()}-${basename(origin)}`)
  await rename(origin, to)
  report({ type: 'moved-aside', origin, path: origin, to })
}
