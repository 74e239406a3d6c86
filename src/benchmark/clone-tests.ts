import { statSync } from 'node:fs'
import type { TestDatabasesHandle } from '../testing/handle.ts'
import { Pool } from '../testing/pool.ts'
import { createPoolFolder } from '../volume/clone-folder.ts'
import { roundsOptions, type Bench } from './bench.ts'
import type { Part } from './report.ts'
import { measureInRounds } from './rounds.ts'
import type { SetupRunner } from './setup.ts'

/** A database for a test: by a clone of the template, against running the set-up for it, which is not repeated here. */
export async function measureClones(bench: Bench, runner: SetupRunner): Promise<Part> {
  const { paths, ms } = await runner.made()
  const { project, places } = bench
  const { ram, disk } = places
  const handle: TestDatabasesHandle = {
    version: 1,
    root: project.root,
    cache: project.builder.cache.home,
    fingerprint: '',
    databases: [...paths].map(([name, template]) => ({ name, template, bytes: statSync(template).size })),
    variables: {},
    ram:
      ram === undefined
        ? { refusal: 'no RAM', hint: '' }
        : { folder: createPoolFolder({ path: ram.folder }), volume: ram.volume, budget: ram.freeBytes },
    disk: createPoolFolder({ path: disk.folder }),
  }
  await using pool = new Pool({
    handle,
    use: { [Symbol.dispose]: () => undefined },
    isOwner: true,
    report: () => undefined,
  })
  const clone = async (): Promise<{ clone: number }> => {
    const started = performance.now()
    await using _clone = await pool.clone()
    return { clone: performance.now() - started }
  }
  const { values } = await measureInRounds([{ name: 'a clone', measure: clone }], roundsOptions(bench, 'tests'))
  return {
    name: 'tests',
    title: 'The start of tests',
    rows: [
      { id: 'tests-without', label: 'the set-up for a database of its own, on disk', medium: 'disk', values: [ms] },
      {
        id: 'tests-with',
        label: `a clone of the template, ${ram === undefined ? 'on disk' : 'in RAM'}`,
        medium: 'template',
        values: values.get('clone') ?? [],
        comparedTo: 'tests-without',
      },
    ],
    notes: ['What each test, test file or worker waits for that is to have a database of its own.'],
  }
}
