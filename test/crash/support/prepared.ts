import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { contentOf, type Content } from './content.ts'
import type { CrashCase } from './crash-case.ts'
import { withPlaceholders } from './placeholders.ts'
import type { Place } from './place.ts'
import type { Call } from './shim.ts'
import type { Tree } from './tree.ts'

/** What a case looks like when nothing goes wrong. */
export interface Prepared {
  readonly tree: Tree
  readonly before: Content
  readonly after: Content
  /** What each of the user's own snapshots holds before the command. */
  readonly snapshots: ReadonlyMap<string, Content>
  /** Names that may be there after the next command: whether this one was called, or was not. */
  readonly names: ReadonlySet<string>
  /** What the next command prints. */
  readonly answer: string
  readonly calls: readonly Call[]
  /** What came out before, and was recovered a second time without any change. */
  readonly settled: Set<string>
}

/** Make the situation of a case, and run its command once, undisturbed. */
export async function prepare(place: Place, each: CrashCase): Promise<Prepared> {
  reset(place, each)
  await each.prepare(place)
  await place.endHolders()
  const tree = place.take()
  return { tree, settled: new Set(), ...(await runUndisturbed(place, each, tree)) }
}

/** An empty place. */
export function reset(place: Place, each: CrashCase, tree: Tree = { entries: [] }): void {
  each.cleanUp?.(place)
  place.put(tree)
}

async function runUndisturbed(place: Place, each: CrashCase, tree: Tree): Promise<Omit<Prepared, 'tree' | 'settled'>> {
  reset(place, each, tree)
  // As if the command had not been called.
  await place.devshm(...each.next)
  await place.endHolders()
  const names = new Set(namesIn(place))
  reset(place, each, tree)
  const before = contentOf(place.origin)
  const snapshots = snapshotsIn(place)
  await using app = each.isOpen === true ? await place.openApp() : undefined
  const { status, stderr, calls } = await place.record(each.command)
  await app?.[Symbol.asyncDispose]()
  if (status !== 0) throw new Error(`${each.name}: undisturbed, it fails: ${stderr}`)
  const after = contentOf(place.origin)
  const next = await place.devshm(...each.next)
  if (next.status !== 0) throw new Error(`${each.name}: undisturbed, the next command fails: ${next.stderr}`)
  for (const name of namesIn(place)) names.add(name)
  await place.endHolders()
  return { before, after, snapshots, names, answer: next.stdout, calls }
}

function namesIn(place: Place): string[] {
  return [...place.describe({ inodes: false }).keys()].map(withPlaceholders)
}

export function snapshotsIn({ origin, roots }: Place): Map<string, Content> {
  const folder = join(roots.project, '.devshm', 'db.sqlite3', 'snapshots')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return new Map(
    names
      .filter((name) => name.endsWith('.sqlite3') && join(folder, name) !== origin)
      .map((name) => {
        return [name, contentOf(join(folder, name))]
      }),
  )
}
