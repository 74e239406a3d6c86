import * as fc from 'fast-check'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attachIn, contextOf, detachIn, saveIn, type WatchedContext } from '../session/support/in-process.ts'
import { createPlayground, type Playground } from '../support/playground.ts'
import { resetIn, restoreIn, snapshotIn, undoIn } from './support/in-process.ts'
import { shelf, unfinishedIn, words, write } from './support/shelf.ts'

const RUNS = Number(process.env['DEVSHM_ROUNDS'] ?? 25)
const DIE = join(import.meta.dirname, 'support/die-while-overwriting.script.ts')

type Name = 'a' | 'b'

/** What the template holds. */
const TEMPLATE = 'as set up'

/** What the user must find, whatever they do: everything they know of is a word. */
interface Model {
  content: string
  readonly named: Map<string, string>
  /** What undo brings back. */
  overwritten: string | undefined
  isAttached: boolean
}

type Step =
  | { readonly do: 'write' | 'reset' | 'undo' | 'save' | 'attach' | 'detach' }
  | { readonly do: 'snapshot' | 'restore'; readonly name: Name }
  | { readonly do: 'crash'; readonly name: Name | 'reset'; readonly at: 'overwrite:kept' | 'overwrite:done' }

const name = fc.constantFrom<Name>('a', 'b')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('snapshot', 'restore'), name }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('write', 'reset', 'undo', 'save', 'attach', 'detach') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      name: fc.constantFrom<Name | 'reset'>('a', 'b', 'reset'),
      at: fc.constantFrom('overwrite:kept', 'overwrite:done'),
    }),
  },
)

function overwriteIn(model: Model, content: string): void {
  if (content === model.content) return
  model.overwritten = model.content
  model.content = content
}

const NOTHING_THERE = { code: 'NO_SNAPSHOT' }

async function take(one: Step, model: Model, playground: Playground, context: WatchedContext): Promise<void> {
  switch (one.do) {
    case 'write':
      model.content = nextWord()
      write(playground, model.content)
      return
    case 'attach':
      if (!model.isAttached) await attachIn(context)
      model.isAttached = true
      return
    case 'detach':
      if (model.isAttached) await detachIn(context)
      model.isAttached = false
      return
    case 'save':
      if (model.isAttached) await saveIn(context)
      return
    case 'snapshot':
      await snapshotIn(context, one.name)
      model.named.set(one.name, model.content)
      return
    case 'restore':
      await orNothing(model.named.get(one.name), () => restoreIn(context, one.name), model)
      return
    case 'reset':
      await resetIn(context, templateOf(playground))
      overwriteIn(model, TEMPLATE)
      return
    case 'undo':
      await orNothing(model.overwritten, () => undoIn(context), model)
      return
    case 'crash': {
      const isReset = one.name === 'reset'
      const wanted = isReset ? TEMPLATE : model.named.get(one.name)
      const { origin, volume } = playground
      const action = isReset ? `reset to ${templateOf(playground)}` : one.name
      const { status } = await playground.command(process.execPath, DIE, origin, volume, action, one.at)
      if (wanted === undefined) expect(status).toBe(1)
      else expect(status).toBe(wanted === model.content ? 0 : -1)
      if (wanted !== undefined && one.at === 'overwrite:done') overwriteIn(model, wanted)
    }
  }
}

async function orNothing(content: string | undefined, act: () => Promise<unknown>, model: Model): Promise<void> {
  if (content === undefined) return await expect(act()).rejects.toMatchObject(NOTHING_THERE)
  await act()
  overwriteIn(model, content)
}

function templateOf({ cache }: Playground): string {
  return join(cache, 'template.sqlite3')
}

let counter = 0
function nextWord(): string {
  counter += 1
  return `word ${counter}`
}

test(
  'whatever is done in whatever order, content, snapshots and undo are what the user expects',
  { timeout: 60_000 + RUNS * 10_000 },
  async () => {
    const property = fc.asyncProperty(
      fc.constantFrom('delete', 'wal'),
      fc.array(step, { minLength: 4, maxLength: 16 }),
      async (mode, steps) => {
        await using playground = await createPlayground()
        const context = contextOf(playground)
        playground.sql(`pragma journal_mode = ${mode}`)
        const model: Model = { content: nextWord(), named: new Map(), overwritten: undefined, isAttached: false }
        write(playground, model.content)
        write({ origin: templateOf(playground) }, TEMPLATE)
        for (const one of steps) {
          await take(one, model, playground, context)
          expect(words(playground.origin)).toEqual([model.content])
        }
        if (model.overwritten !== undefined) {
          await undoIn(context)
          expect(words(playground.origin)).toEqual([model.overwritten])
        }
        const expected = Object.fromEntries([...model.named].map(([named, content]) => [named, [content]]))
        if (model.named.size > 0) {
          expect(shelf(playground)).toMatchObject(expected)
          expect(unfinishedIn(playground)).toEqual([])
        }
        expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
        expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }])
      },
    )
    await fc.assert(property, { numRuns: RUNS })
  },
)
