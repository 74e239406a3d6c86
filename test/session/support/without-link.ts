import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { endAttachment } from '../../../src/session/end-attachment.ts'
import { locked } from '../../../src/session/locked.ts'
import { createPlayground, type Playground } from '../../support/playground.ts'
import { attachIn, contextOf, type WatchedContext } from './in-process.ts'

/** A database that was attached without a link, by nobody who still needs it. */
export interface WithoutLink extends AsyncDisposable {
  readonly playground: Playground
  readonly context: WatchedContext
  readonly live: string
  /** What an app does that is led to live. */
  app(sql: string): Record<string, unknown>[]
  /** What `devshm detach` does. @returns the events */
  detach(): Promise<WatchedContext['events']>
}

/** With one row on disk. */
export async function attachedWithoutLink(setUp = 'pragma journal_mode = delete', id = 1): Promise<WithoutLink> {
  const playground = await createPlayground()
  playground.sql(`${setUp}; create table item (id); insert into item values (${id})`)
  return await attachWithoutLink(playground)
}

export async function attachWithoutLink(
  playground: Playground,
  journal: 'keep' | 'wal' = 'keep',
): Promise<WithoutLink> {
  const context = contextOf(playground)
  const { attachment } = await attachIn(context, journal, 'hook')
  const { live } = attachment
  return {
    playground,
    context,
    live,
    app: (sql) => playground.sql(sql, live),
    detach: async () => {
      const next = contextOf(playground)
      await locked(next, () => endAttachment(next))
      return next.events
    },
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
}

export function idsIn(playground: Playground, path?: string): unknown[] {
  return playground.sql('select id from item order by id', path).map(({ id }) => id)
}

export function snapshotsOf({ folder }: Playground): string[] {
  return readdirSync(join(folder, '.devshm/db.sqlite3/snapshots')).toSorted()
}

export function snapshotPath({ folder }: Playground, name: string): string {
  return join(folder, '.devshm/db.sqlite3/snapshots', `${name}.sqlite3`)
}

export function expectFile({ origin }: Playground): void {
  expect(lstatSync(origin)).toMatchObject({ nlink: 1 })
  expect(lstatSync(origin).isFile()).toBe(true)
}
