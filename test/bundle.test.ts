import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildBundle } from '../bench/support/bundle.ts'
import { createPlayground, run, type Outcome } from './support/playground.ts'
import { createDjangoSetup } from './template/support/django-setup.ts'

/** What takes milliseconds to load and `devshm run` does not need, as Node.js names its parts. */
const NOT_IN_A_RUN = ['internal/crypto/hash', 'internal/crypto/keys', 'worker_threads', 'zlib', 'http', 'readline']

test('a run loads nothing that takes long to load and that it does not need', async () => {
  const bundle = await buildBundle()
  onTestFinished(() => bundle[Symbol.dispose]())
  await using project = await createPlayground()
  project.sql('create table t (a)')
  const list = join(project.folder, 'loaded')
  const preload = join(project.folder, 'preload.cjs')
  writeFileSync(
    preload,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
  )
  const [program, ...more] = bundle.devshm
  const options = { cwd: project.folder, env: project.env }
  const outcome = await run(program, ['--require', preload, ...more, 'run', '--', 'true'], options)
  expect(outcome, outcome.stderr).toMatchObject({ status: 0 })
  const loaded = JSON.parse(readFileSync(list, 'utf8')) as string[]
  expect(loaded).toContain('NativeModule child_process')
  expect(loaded.filter((name) => NOT_IN_A_RUN.includes(name.replace('NativeModule ', '')))).toEqual([])
})

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
  // What is no code is found beside the bundle.
  const { stdout } = await devshm('bench', '--only', 'tests', '--runs', '1', '--html', 'bench.html')
  expect(stdout).not.toContain('Left out')
  expect(readFileSync(join(project.folder, 'bench.html'), 'utf8')).toContain('.Chartist={}')
})
