import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { listFiles } from '../../../src/template/inputs/list-files.ts'
import { add, touch } from './edit-example.ts'
import { createExampleProject, type ExampleProject } from './example-project.ts'
import type { Example } from './examples.ts'

/** For a hang: some dozens of starts of a framework, on machines of any speed. */
export const JOURNEY_TIMEOUT_MS = 480_000

interface Layer {
  readonly run: string
  readonly builtAt: string
  readonly continuedFrom?: string
}

/** What a project goes through in a day: each reset must leave what setting up by hand would, by the least work. */
export async function journey(example: Example, { prepare }: { prepare?: string } = {}): Promise<void> {
  await using project = await createExampleProject(example.folder, example.database)
  if (prepare !== undefined) expect(await project.shell(prepare)).toMatchObject({ status: 0 })
  const before = contentOf(project)

  // From cold, by the steps that were proposed.
  const cold = await project.must('reset')
  expect(cold.stderr).toContain(example.steps[0])
  expect(contentOf(project)).toEqual(before)
  expect(project.rows('select name, slug from products order by id')).toEqual([
    { name: 'Green Tea', slug: 'green-tea' },
    { name: 'Roast & Ground', slug: expect.stringMatching(/^roast-(and-)?ground$/) },
  ])
  const atFirst = tablesOf(project)
  expect(atFirst).toEqual(await tablesByHand(example, prepare))

  // Nothing changed: nothing runs.
  project.sql(`update products set name = 'mine'`, join(project.folder, example.database))
  const warm = await project.must('reset')
  for (const step of example.steps) expect(warm.stderr).not.toContain(step)
  expect(project.rows(`select name from products where name = 'mine'`)).toEqual([])

  // A new migration is run on top of the others.
  add(project, example.newMigration)
  for (const [path, { from, to }] of Object.entries(example.alongWith ?? {})) project.edit(path, from, to)
  await project.must('reset')
  expect(project.rows('select stock from products')).toEqual([{ stock: null }, { stock: null }])
  expect((await newestLayer(project, example)).continuedFrom).toBeDefined()
  await agreesWithFreshBuilds(project)

  // An edited one makes everything new.
  project.edit(example.migration.path, example.migration.from, example.migration.to)
  await project.must('reset')
  expect(JSON.stringify(project.rows('select * from products'))).toContain(example.migration.to)
  expect((await newestLayer(project, example)).continuedFrom).toBeUndefined()
  await agreesWithFreshBuilds(project)

  // Back on the branch of the beginning, with edits of what does not count: nothing runs.
  for (const path of Object.keys(example.newMigration)) project.remove(path)
  add(project, before)
  for (const path of example.unrelated) touch(path)(project)
  const back = await project.must('reset')
  for (const step of example.steps) expect(back.stderr).not.toContain(step)
  expect(tablesOf(project)).toEqual(atFirst)
  await agreesWithFreshBuilds(project)

  // One that a merge inserts is not run on top.
  add(project, example.inserted)
  await project.must('reset')
  expect((await newestLayer(project, example)).continuedFrom).toBeUndefined()
  await agreesWithFreshBuilds(project)
}

/** Set up in a folder of its own, without devshm. */
async function tablesByHand(example: Example, prepare = 'true'): Promise<unknown> {
  await using project = await createExampleProject(example.folder, example.database)
  for (const step of [prepare, ...example.steps]) {
    const { status, stdout, stderr } = await project.shell(step)
    expect(status, stdout + stderr).toBe(0)
  }
  return tablesOf(project)
}

/** The schema, and the rows of the project's own tables. */
function tablesOf(project: ExampleProject): unknown {
  return {
    schema: project.rows('select type, name, sql from sqlite_schema order by name'),
    products: project.rows('select * from products order by id'),
    orders: project.rows('select id, quantity from orders order by id'),
  }
}

async function newestLayer(project: ExampleProject, { steps }: Example): Promise<Layer> {
  const { layers } = JSON.parse((await project.must('template', 'list', '--json')).stdout) as { layers: Layer[] }
  const ofMigrations = layers.filter(({ run }) => run === steps[0]).toSorted((a, b) => (a.builtAt < b.builtAt ? 1 : -1))
  const [newest] = ofMigrations
  if (newest === undefined) throw new Error('no layer was built')
  return newest
}

async function agreesWithFreshBuilds(project: ExampleProject): Promise<void> {
  const { equal } = JSON.parse((await project.must('template', 'verify', '--json')).stdout) as { equal: boolean }
  expect(equal).toBe(true)
}

/** Every file of the project but the database: a set-up may write its log, and nothing else. */
function contentOf({ folder, database }: ExampleProject): Record<string, string> {
  const files = listFiles(folder, { except: [join(folder, database)] }).filter((path) => !/^(log|tmp)\//.test(path))
  return Object.fromEntries(
    files
      .filter((path) => existsSync(join(folder, path)))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  )
}
