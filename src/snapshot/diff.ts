import type { DatabaseDiff, DiffOptions } from '../engine/diff.ts'
import { lockExclusively, type FileLock } from '../engine/sqlite/file-lock.ts'
import { lookAt } from '../fs/look.ts'
import type { Context } from '../session/context.ts'
import { explainingFailures } from '../session/explain-failure.ts'
import { ensureStore } from '../session/store.ts'
import { currentDatabase } from './current-database.ts'
import { defaultBase, snapshotSide, type ComparedSide } from './diff-base.ts'
import { makePrivate } from './diff-copies.ts'
import { resolveReference } from './reference.ts'

export interface DiffRequest {
  readonly cwd: string
  /** The name of a snapshot, or a file; what they are when nothing is said: {@link defaultBase}, the current database. */
  readonly a?: string | undefined
  readonly b?: string | undefined
  readonly rows: DiffOptions['rows']
  readonly onProgress?: DiffOptions['onProgress']
}

/** Part of the `--json` contract: fields are only ever added. */
export interface Comparison {
  readonly origin: string
  readonly before: ComparedSide
  readonly after: ComparedSide
  readonly diff: DatabaseDiff
}

/**
 * Compare two states of a database. Nothing is changed, nobody is attached, detached or recovered, and the app waits no
 * longer than it takes to copy its database at memory speed.
 *
 * @throws {DevshmError} `NO_SNAPSHOT`, `DATABASE_UNUSABLE`, `BUSY`, `NO_SPACE`
 */
export async function diffDatabase(context: Context, request: DiffRequest): Promise<Comparison> {
  return await explainingFailures(context.places, async () => {
    // A project that devshm has never been at work in gets no folder from looking at it.
    const hasStore = lookAt(context.places.store) !== undefined
    using lock = hasStore ? await lockFor(context) : undefined
    const current = request.b === undefined ? await currentDatabase(context) : undefined
    const before = request.a === undefined ? defaultBase(context) : await find(context, request.cwd, request.a)
    const after: ComparedSide =
      current === undefined
        ? await find(context, request.cwd, request.b ?? '')
        : { label: 'now', kind: 'current', path: current.path, at: new Date().toISOString() }
    const files = await makePrivate(context, before, after, current?.attachment, hasStore)
    const letGo = async (): Promise<void> => {
      await files.remove()
      lock?.[Symbol.dispose]()
    }
    try {
      const diff = await context.engine.diff(files.a, files.b, {
        rows: request.rows,
        onOpened: letGo,
        onProgress: request.onProgress,
      })
      return { origin: context.places.origin, before, after, diff }
    } finally {
      await files.remove()
    }
  })
}

async function lockFor({ places, report }: Context): Promise<FileLock> {
  await ensureStore(places)
  return await lockExclusively(places.lock, {
    timeoutMs: Number.POSITIVE_INFINITY,
    onWait: (holders) => {
      report({ type: 'waiting', origin: places.origin, holders })
    },
  })
}

async function find(context: Context, cwd: string, text: string): Promise<ComparedSide> {
  const { kind, label, path } = await resolveReference(context, cwd, text)
  return kind === 'snapshot' ? snapshotSide({ name: label, path }) : { label, kind, path }
}
