import { cpSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { IS_LONG } from '../support/is-long.ts'
import { createDjangoSetup, type DjangoSetup } from './support/django-setup.ts'
import { EDITS } from './support/django-edits.ts'

interface Explained {
  readonly isCached: boolean
  readonly continues?: { readonly from?: string }
}

async function fateOf(project: DjangoSetup): Promise<string[]> {
  const { stdout } = await project.devshm('template', 'explain', '--json')
  const { steps } = JSON.parse(stdout) as { steps: Explained[] }
  return steps.map(({ isCached, continues }) => {
    if (isCached) return 'hit'
    return continues?.from === undefined ? 'in full' : 'continued'
  })
}

/** Two apps, a dozen migrations with data migrations among them, fixtures: the example, set up as it says itself. */
async function createExample(): Promise<DjangoSetup> {
  const project = await createDjangoSetup()
  const migrate = { run: 'python3 manage.py migrate --noinput', inputs: [], incremental: true }
  const load = { run: 'python3 manage.py loaddata demo', inputs: ['fixtures/*.json'] }
  await project.write('devshm.config.json', JSON.stringify({ setup: [migrate, load] }))
  return project
}

/** As it is before the edits: built once, for all of them. */
let unedited: DjangoSetup
beforeAll(async () => {
  unedited = await createExample()
  const { status, stderr } = await unedited.devshm('template', 'build')
  if (status !== 0) throw new Error(stderr)
})
afterAll(() => unedited[Symbol.asyncDispose]())

test.each(EDITS)('$what: $fate, and what it is reset to is what Django makes of it', async (example) => {
  await using project = await createExample()
  if (example.prepare === undefined)
    cpSync(unedited.cache, project.cache, { recursive: true, preserveTimestamps: true })
  await example.prepare?.(project)
  expect(await project.devshm('reset')).toMatchObject({ status: 0 })
  await example.edit(project)
  expect(await fateOf(project)).toEqual(example.fate)
  const { status, stderr } = await project.devshm('reset')
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('in full') as string })
  expect(stderr.includes('step 1')).toBe(example.fate[0] !== 'hit')
  expect(stderr.includes('step 2')).toBe(example.fate[1] !== 'hit')
  expect(await fateOf(project)).toEqual(['hit', 'hit'])
  expect(await project.manage('migrate', '--check')).toMatchObject({ status: 0 })
  // What was built in full is what it would be compared with; `npm run test:long` does that, too.
  if (!IS_LONG && example.fate.every((fate) => fate === 'in full')) return
  const { stdout } = await project.devshm('template', 'verify', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ equal: true })
})
