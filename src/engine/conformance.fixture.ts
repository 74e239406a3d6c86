import { copyFileSync } from 'node:fs'
import type { Engine, JournalMode } from './engine.ts'

/** What `conformance.test.ts` needs besides the engine: its own ways to make, use and damage a database. */
export interface EngineUnderTest {
  readonly engine: Engine
  /** A closed database with a table of items, about a kilobyte each. */
  create(path: string, options: { items: number; journalMode: JournalMode }): void
  countItems(path: string): number
  /** Break the structure of a closed database without changing its size. */
  damage(path: string): void
  /** Connect from another process, without asking anything yet. */
  startApp(path: string): Promise<App>
}

/** An app in another process, with a connection. Whatever is in its way is an error at once. */
export interface App extends AsyncDisposable {
  readonly pid: number
  /** Count the items. */
  look(): Promise<number>
  addItem(): Promise<void>
  beginWriting(): Promise<void>
  commit(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
}

/** Copy a closed file and return where to. */
export function copyFileTo(from: string, to: string): string {
  copyFileSync(from, to)
  return to
}
