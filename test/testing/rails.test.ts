import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { JOURNEY_TIMEOUT_MS } from '../template/support/journey.ts'
import { createExampleProject, type ExampleProject } from '../template/support/example-project.ts'

const isThere = existsSync('/usr/share/rubygems-integration') && existsSync('/usr/bin/bundle')

/** The shop with a schema file that tells when it is loaded. */
async function createShop(): Promise<ExampleProject> {
  const project = await createExampleProject('rails', 'db/development.sqlite3')
  expect(await project.shell('bundle lock --local && bin/rails db:migrate')).toMatchObject({ status: 0 })
  project.write(
    'db/schema.rb',
    `warn 'the schema is loaded'\n${readFileSync(join(project.folder, 'db/schema.rb'), 'utf8')}`,
  )
  return project
}

const TESTS = ['bin/rails', 'test']

test.skipIf(!isThere && process.env['CI'] === undefined)(
  'Rails: parallel workers get databases with the schema, from a template; a changed schema is built once',
  async () => {
    await using project = await createShop()
    project.env['PARALLEL_WORKERS'] = '3'
    const passed = expect.stringContaining('8 runs, 16 assertions, 0 failures, 0 errors') as string
    const first = await project.devshm('test', '--', ...TESTS)
    expect(first, first.stderr).toMatchObject({ status: 0, stdout: passed })
    expect(first.stderr).toContain('db:schema:load')
    const again = await project.devshm('test', '--', ...TESTS)
    expect(again).toEqual({ status: 0, stdout: passed, stderr: '' })

    project.edit(
      'db/schema.rb',
      'create_table "orders"',
      'create_table "baskets", force: :cascade\n  create_table "orders"',
    )
    expect((await project.devshm('test', '--', ...TESTS)).stderr).toContain('db:schema:load')
    expect((await project.devshm('test', '--', ...TESTS)).stderr).toBe('')
    expect(existsSync(join(project.folder, 'db/test.sqlite3'))).toBe(false)
    expect(project.inRam()).toEqual([])
  },
  JOURNEY_TIMEOUT_MS,
)
