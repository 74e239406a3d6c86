import { expect, onTestFinished, test } from 'vitest'
import { buildBundle } from '../bench/support/bundle.ts'
import { run, type Outcome } from './support/playground.ts'
import { createDjangoSetup } from './template/support/django-setup.ts'

test('what is published does the whole job: configuration, set-up by the hook, attach, snapshot, diff, undo, detach', async () => {
  const bundle = await buildBundle()
  onTestFinished(() => bundle[Symbol.dispose]())
  await using project = await createDjangoSetup()
  const devshm = async (...args: string[]): Promise<Outcome> => {
    const [program, ...more] = bundle.devshm
    const outcome = await run(program, [...more, ...args], { cwd: project.folder, env: project.env })
    expect(outcome, outcome.stderr).toMatchObject({ status: 0 })
    return outcome
  }
  await project.write(
    'devshm.config.json',
    `{ // with a comment
      "setup": [{ "run": "python3 manage.py migrate --noinput", "inputs": [], "incremental": true }],
    }`,
  )
  await devshm('reset')
  await devshm('attach')
  await devshm('snapshot', 'empty')
  project.sql(`insert into catalog_category (name, slug) values ('Books', 'books')`)
  expect((await devshm('diff', '--rows')).stdout).toContain('Books')
  await devshm('reset')
  expect(project.sql('select name from catalog_category')).toEqual([])
  await devshm('undo')
  await devshm('detach')
  expect(project.sql('select name from catalog_category')).toEqual([{ name: 'Books' }])
  expect((await devshm('template', 'explain')).stdout).toContain('hit')
  expect((await devshm('doctor')).stdout).not.toBe('')
})
