import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { FileFacts } from '../file-facts.ts'
import { openFileFacts } from './open-file-facts.ts'
import { createProject, type ProjectFixture } from './project.fixture.ts'

export interface FactsFixture extends Disposable {
  readonly project: ProjectFixture
  readonly cache: string
  /** As the next command would. */
  open(): FileFacts
  /** Wait until what was written is older than a tick of the clock. */
  settle(): Promise<void>
  /** What lies in the cache folder. */
  files(): string[]
  /** What is kept, without its first line. */
  content(): string
  /** Change what is kept, checksum and all. */
  corrupt(change: (content: string) => string): void
}

export function createFacts(): FactsFixture {
  const project = createProject()
  const cache = project.at('../cache')
  mkdirSync(cache)
  const path = (): string => join(cache, readdirSync(cache)[0] ?? '')
  const content = (): string => readFileSync(path(), 'utf8').replace(/^.*\n/, '')
  return {
    project,
    cache,
    open: () => openFileFacts(project.root, cache),
    settle: () => setTimeout(70),
    files: () => readdirSync(cache),
    content,
    corrupt: (change) => {
      const changed = change(content())
      writeFileSync(path(), `devshm file facts 1 ${hash('sha256', changed)}\n${changed}`)
    },
    [Symbol.dispose]: () => project[Symbol.dispose](),
  }
}
