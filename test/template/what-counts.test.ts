import { expect, test } from 'vitest'
import { whyNotContinue } from '../../src/template/inputs/continuation.ts'
import type { Plan } from '../../src/template/plan.ts'
import { add, touch } from './support/edit-example.ts'
import { createExampleProject, type ExampleProject } from './support/example-project.ts'
import { drizzle, EXAMPLES, type Example } from './support/examples.ts'

/** What becomes of a project's first layer and of the one on top, after a change. */
interface Outcome {
  readonly migrations: 'the same' | 'continued' | 'from nothing'
  readonly seeds: 'the same' | 'run again'
}

const UNCHANGED = { migrations: 'the same', seeds: 'the same' }
const CONTINUED = { migrations: 'continued', seeds: 'run again' }
const FROM_NOTHING = { migrations: 'from nothing', seeds: 'run again' }

test.each(EXAMPLES)('$name is found, with the steps that set it up', async (example) => {
  await using project = await createExampleProject(example.folder, example.database)
  const { framework, layers } = await project.plan()
  expect(framework?.name).toBe(example.name)
  expect(layers.map(({ run }) => run)).toEqual(example.steps)
  expect(layers.map(({ isIncremental }) => isIncremental)).toEqual(example.steps.map((_, index) => index === 0))
})

test.each(EXAMPLES)(
  '$name: an added migration continues; one that was inserted, removed or edited does not',
  async (example) => {
    const { migration, newMigration, inserted } = example
    expect(await after(example, (project) => add(project, newMigration))).toEqual(CONTINUED)
    expect(await after(example, (project) => add(project, inserted))).toEqual(FROM_NOTHING)
    expect(await after(example, (project) => project.remove(migration.path))).toEqual(FROM_NOTHING)
    expect(await after(example, ({ edit }) => edit(migration.path, migration.from, migration.to))).toEqual(FROM_NOTHING)
  },
)

test.each(EXAMPLES)('$name: what migrations import counts, and the rest of the code does not', async (example) => {
  for (const path of example.helpers) expect(await after(example, touch(path)), path).toEqual(FROM_NOTHING)
  for (const path of example.unrelated) expect(await after(example, touch(path)), path).toEqual(UNCHANGED)
})

test.each(EXAMPLES)('$name: seeds count for their own step only', async (example) => {
  const again = { migrations: 'the same', seeds: 'run again' }
  for (const path of example.seeds) expect(await after(example, touch(path)), path).toEqual(again)
})

test.each(EXAMPLES)('$name: configuration, and what is installed, count', async (example) => {
  expect(await after(example, touch(example.config))).toEqual(FROM_NOTHING)
  expect(await after(example, touch(example.lockFile))).toEqual(FROM_NOTHING)
})

test.each(EXAMPLES)(
  '$name: a variable that the configuration reads counts, and another one does not',
  async (example) => {
    const name =
      example.name === 'rails' ? 'SHOP_LOG_LEVEL' : example.name === 'sequelize' ? 'NODE_ENV' : 'SHOP_DATABASE'
    expect(await after(example, ({ env }) => (env[name] = 'other'))).toEqual(FROM_NOTHING)
    expect(await after(example, ({ env }) => (env['ANOTHER'] = 'other'))).toEqual(UNCHANGED)
    // The same where it stands in a file for it.
    if (example.name === 'sequelize') return
    expect(await after(example, ({ write }) => write('.env', `${name}=other\n`))).toEqual(FROM_NOTHING)
    expect(await after(example, ({ write }) => write('.env', 'API_KEY=secret\n'))).toEqual(UNCHANGED)
  },
)

test('drizzle: an entry of the journal may be appended, and none rewritten', async () => {
  const journal = 'drizzle/meta/_journal.json'
  const append = (when: number) => (project: ExampleProject) => {
    add(project, drizzle.newMigration)
    const entry = { idx: 4, version: '6', when, tag: '0004_stock', breakpoints: true }
    project.edit(journal, '    }\n  ]', `    },\n${JSON.stringify(entry)}]`)
  }
  expect(await after(drizzle, append(1795491800000))).toEqual(CONTINUED)
  // Older than one that ran: Drizzle would skip it.
  expect(await after(drizzle, append(1795491700000))).toEqual(FROM_NOTHING)
  expect(await after(drizzle, ({ edit }) => edit(journal, '1795491702192', '1795491702193'))).toEqual(FROM_NOTHING)
})

async function after(example: Example, change: (project: ExampleProject) => unknown): Promise<Outcome> {
  await using project = await createExampleProject(example.folder, example.database)
  if (example.name === 'rails') project.write('Gemfile.lock', 'GEM\n')
  const before = await project.plan()
  change(project)
  const now = await project.plan()
  return outcome(before, now)
}

function outcome(before: Plan, now: Plan): Outcome {
  const [was, is] = [before.layers[0], now.layers[0]]
  const mayContinue =
    was.lineage === is.lineage && whyNotContinue(was.inputs, is.inputs, now.framework ?? {}) === undefined
  const isSame = was.fingerprint === is.fingerprint
  return {
    migrations: isSame ? 'the same' : mayContinue ? 'continued' : 'from nothing',
    seeds: before.layers.at(-1)?.fingerprint === now.layers.at(-1)?.fingerprint ? 'the same' : 'run again',
  }
}
