import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createExampleProject } from '../template/support/example-project.ts'
import { install, usePublished } from './support/installed.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples/node')

const published = usePublished()

test.for(['knex', 'drizzle', 'typeorm', 'kysely'])('the tests of the %s shop pass, and leave nothing', async (name) => {
  await using project = await createExampleProject(`node/${name}`, 'dev.sqlite3')
  install(project.folder, published)
  if (name === 'kysely') copyFileSync(join(EXAMPLES, name, CONFIG), join(project.folder, CONFIG))
  const outcome = await project.command(process.execPath, '--test', '--test-reporter=tap')
  expect(outcome, outcome.stdout).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^# pass [2-9]/m) as string,
  })
  expect(project.inRam()).toEqual([])
})

const CONFIG = 'devshm.config.json'
