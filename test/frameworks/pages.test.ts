import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { followPage, initialise } from './support/follow-page.ts'
import { createGenerated, type Generated } from './support/generated.ts'
import { makeDrizzle, makeKnex, makeKysely, makeSequelize, makeTypeorm } from './support/node.ts'
import { makeLaravel, makePrisma } from './support/not-executed.ts'
import { readPage } from './support/page.ts'
import { makeAlembic, makeDjango, makeFlask } from './support/python.ts'
import { makeRails } from './support/rails.ts'

/** How a project of a page's framework is made anew, and what of the system it needs. */
const PAGES: Readonly<Record<string, { make: (project: Generated) => unknown; needs?: string; isRecipe?: true }>> = {
  django: { make: makeDjango },
  rails: { make: makeRails, needs: '/usr/bin/bundle' },
  knex: { make: makeKnex },
  drizzle: { make: makeDrizzle },
  typeorm: { make: makeTypeorm },
  sequelize: { make: makeSequelize },
  kysely: { make: makeKysely },
  alembic: { make: makeAlembic, needs: '/usr/bin/alembic', isRecipe: true },
  flask: { make: makeFlask, needs: '/usr/lib/python3/dist-packages/flask_migrate', isRecipe: true },
  prisma: { make: makePrisma, isRecipe: true },
  laravel: { make: makeLaravel, isRecipe: true },
}
const SHAPE = ['With no configuration', 'Two commands', 'Configuration', 'Tests', 'Limits']

const names = globSync(join(import.meta.dirname, '../../docs/frameworks/*.md')).map((path) => basename(path, '.md'))
const marked = names.filter((name) => readPage(name).isMarked)

test('every page has a project to be tried on', () => {
  expect(Object.keys(PAGES).toSorted()).toEqual(names.toSorted())
  expect(marked.toSorted()).toEqual(['laravel', 'prisma'])
})

test.each(names)('the page of %s has the shape that all have, and no command hides from its test', (name) => {
  const { headings, stray } = readPage(name)
  expect(headings.filter((heading) => SHAPE.includes(heading))).toEqual(SHAPE)
  expect(stray).toEqual([])
})

for (const [name, { make, needs = '/', isRecipe = false }] of Object.entries(PAGES)) {
  const what = marked.includes(name)
    ? 'devshm init writes what the page shows'
    : 'every command of its page works on a project that its own generators made'
  test.skipIf(!existsSync(needs) && process.env['CI'] === undefined)(`${name}: ${what}`, async () => {
    await using project = await createGenerated()
    await make(project)
    const page = readPage(name)
    if (page.isMarked) await initialise(project, 'devshm init --yes', page)
    else await followPage(project, page, { isPreset: !isRecipe })
  })
}
