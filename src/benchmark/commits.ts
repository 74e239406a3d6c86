import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CommitTiming, Engine, JournalMode } from '../engine/engine.ts'
import { linkTarget, lookThrough } from '../fs/look.ts'
import { syncFile } from '../fs/sync.ts'
import { currentPathOf } from '../template/build/current.ts'
import { looksLikeBuild } from '../volume/build-folder.ts'
import type { Context } from '../session/context.ts'
import { roundsOptions, type Bench } from './bench.ts'
import type { Medium, Part, Row } from './report.ts'
import { measureInRounds, type Contender } from './rounds.ts'

/** A larger database is not copied: the cost of a small commit hardly depends on what else is there. */
export const COPIED_UP_TO_BYTES = 64_000_000

/** How long to wait for an app that is writing, in milliseconds. */
const TIMEOUT_MS = 2_000

interface Copy {
  readonly medium: Exclude<Medium, 'template'>
  readonly path: string
}

const PATTERNS: readonly { readonly each: CommitTiming['each']; readonly label: string }[] = [
  { each: 'request', label: 'a request' },
  { each: 'commit', label: 'a row on one connection' },
]

const WHERE: Readonly<Record<Copy['medium'], string>> = { disk: 'on disk', ram: 'in RAM', wal: 'in RAM with WAL' }

/** What a commit costs on the disk of the project and in RAM, on private copies of its first database. */
export async function measureCommits(bench: Bench): Promise<Part> {
  const [context] = bench.project.selected.values()
  if (context === undefined) throw new Error('a project has a database')
  const { copies, notes } = await makeCopies(bench, context)
  const { engine } = context
  const contenders = PATTERNS.flatMap(({ each, label }) =>
    copies.map((copy): Contender => ({
      name: `${label}, ${WHERE[copy.medium]}`,
      measure: async () => ({ [`${each}-${copy.medium}`]: await timeOne(engine, copy, each, bench) }),
    })),
  )
  const { values } = await measureInRounds(contenders, roundsOptions(bench, 'commits'))
  const rows = PATTERNS.flatMap(({ each, label }) =>
    copies.map(({ medium }): Row => {
      const id = `${each}-${medium}`
      const compared = medium === 'disk' ? {} : { comparedTo: `${each}-disk` }
      return { id, label: `${label}, ${WHERE[medium]}`, medium, values: values.get(id) ?? [], ...compared }
    }),
  )
  return { name: 'commits', title: 'One commit', rows, notes }
}

/** @returns milliseconds for one */
async function timeOne(
  engine: Engine,
  { path, medium }: Copy,
  each: CommitTiming['each'],
  bench: Bench,
): Promise<number> {
  // As `devshm run --journal wal` does.
  using _keeper = medium === 'wal' ? engine.keepLogShort(path) : undefined
  const { extent, signal } = bench
  const { ms, count } = await engine.timeCommits(path, { each, forMs: extent.commitsForMs, signal })
  return ms / count
}

async function makeCopies({ places }: Bench, context: Context): Promise<{ copies: Copy[]; notes: string[] }> {
  const { disk, ram, noRam } = places
  const onDisk: Copy = { medium: 'disk', path: join(disk.folder, 'commits.sqlite3') }
  const inRam = (ram === undefined ? [] : (['ram', 'wal'] as const)).map((medium): Copy => {
    return { medium, path: join(ram?.folder ?? '', `commits-${medium}.sqlite3`) }
  })
  const { journalMode, isSmall } = await copyContent(context, [onDisk, ...inRam])
  const isWalAnyway = journalMode === 'wal'
  const notes = ['A request connects, selects a row, inserts one and closes, as most web frameworks do.']
  notes.push(isSmall ? 'On small databases made for it.' : 'On private copies of the database.')
  if (ram === undefined) notes.push(`Nothing is measured in RAM: ${noRam}.`)
  if (isWalAnyway) notes.push('It uses write-ahead logging (WAL), on disk and in RAM.')
  const copies = [onDisk, ...inRam.filter(({ medium }) => medium === 'ram' || !isWalAnyway)]
  for (const { path } of copies.filter(({ medium }) => medium === 'wal'))
    await context.engine.setJournalMode(path, 'wal')
  return { copies, notes }
}

/** The content of the database as it is now, through the engine; or next to nothing, where there is none, or much of it. */
async function copyContent(
  context: Context,
  copies: readonly Copy[],
): Promise<{ journalMode: JournalMode; isSmall: boolean }> {
  const { engine, places } = context
  const path = await currentPathOf(context)
  const isLent = looksLikeBuild(linkTarget(places.origin) ?? '')
  const size = Number(lookThrough(path)?.size ?? 0n)
  const isCopied = !isLent && size > 0 && size <= COPIED_UP_TO_BYTES && (await engine.inspect(path)).kind === 'database'
  const journalMode = isCopied ? await pinAndCopy(engine, path, copies) : undefined
  if (journalMode === undefined) for (const copy of copies) await makeSmall(engine, copy.path)
  return { journalMode: journalMode ?? 'rollback', isSmall: journalMode === undefined }
}

/** @returns `undefined`: it cannot be read now, because an app is busy with it, or at all */
async function pinAndCopy(engine: Engine, path: string, copies: readonly Copy[]): Promise<JournalMode | undefined> {
  try {
    using pinned = await engine.pin(path, { timeoutMs: TIMEOUT_MS })
    for (const copy of copies) await pinned.copyTo(copy.path, 0o600)
    const { journalMode } = pinned
    pinned[Symbol.dispose]()
    // What is still on its way to the disk would slow the first commits.
    for (const copy of copies) await syncFile(copy.path)
    return journalMode
  } catch {
    for (const copy of copies) rmSync(copy.path, { force: true })
    return undefined
  }
}

async function makeSmall(engine: Engine, path: string): Promise<void> {
  await engine.timeCommits(path, { each: 'commit', forMs: 0, signal: new AbortController().signal })
}
