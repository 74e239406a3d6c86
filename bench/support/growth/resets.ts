import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from '../place.ts'
import { writePlainScript } from '../plain-script.ts'
import { WRITE_A_ROW } from '../projects.ts'
import { PYTHON, run, type CommandLine } from '../programs.ts'
import type { Contender } from '../rounds.ts'
import type { Bench } from '../suite.ts'

const RESET = '`devshm reset`'
const COPY = 'a template by hand'
const SETUP = 'run the set-up'

export const RESETS: readonly { readonly label: string; readonly contender: string; readonly isOurs?: boolean }[] = [
  { label: RESET, contender: RESET, isOurs: true },
  { label: SETUP, contender: SETUP },
  { label: COPY, contender: COPY },
]

interface Recipe {
  readonly inputs: readonly string[]
  readonly setup: readonly CommandLine[]
}

/** The three ways to what the set-up makes, of a project that has its configuration. */
export async function resetContenders({ devshm }: Bench, place: Place, recipe: Recipe): Promise<Contender[]> {
  place.env['PATH'] = `/usr/bin:${process.env['PATH'] ?? ''}`
  await run([...devshm, 'reset'], place)
  const script = writePlainScript('hand-rolled-template.script.ts', place.ram)
  const byHand: CommandLine = [
    process.execPath,
    script,
    'db.sqlite3',
    join(place.cwd, '.templates'),
    JSON.stringify(recipe),
  ]
  const afterAWrite = (name: string, command: CommandLine): Contender => ({
    name,
    measure: async () => {
      await run([PYTHON, '-c', WRITE_A_ROW], place)
      return { ms: (await run(command, place)).ms }
    },
  })
  return [
    afterAWrite(RESET, [...devshm, 'reset']),
    afterAWrite(COPY, byHand),
    {
      name: SETUP,
      measure: async () => {
        rmSync(place.origin)
        let ms = 0
        for (const command of recipe.setup) ms += (await run(command, place)).ms
        return { ms }
      },
    },
  ]
}
