import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Place } from './place.ts'
import { isInstalled, run, workload } from './programs.ts'
import type { Contender } from './rounds.ts'

export const NODE = '`node -e 0`, the whole process'
export const GIT = '`git ls-files -m`, the whole process'
export const WARM = 'devshm: nothing changed'
export const COLD = 'devshm: all hashed again'

const PER_FOLDER = 10

/** Deciding whether any of so many inputs changed, in a project that has just been made. */
export async function decidingContenders(place: Place, count: number): Promise<Contender[]> {
  makeInputs(place.cwd, count)
  const git = (...args: string[]) => run(['git', '-c', 'core.autocrlf=false', ...args], place)
  if (isInstalled('git')) {
    await git('init', '--quiet')
    await git('add', '.')
  }
  // What is younger than a tick of the clock is not remembered, neither here nor by git.
  await setTimeout(100)
  if (isInstalled('git')) await git('status', '--short')
  const cache = join(place.ram, 'cache')
  mkdirSync(cache)
  const decide = async (folder: string): Promise<{ ms: number }> => {
    const script = workload('decide-unchanged.script.ts')
    const { stdout } = await run([process.execPath, script, place.cwd, folder], place)
    const { ms, inputs } = JSON.parse(stdout) as { ms: number; inputs: number }
    if (inputs !== count) throw new Error(`${inputs} inputs were hashed, not ${count}`)
    return { ms }
  }
  return [
    { name: NODE, measure: async () => ({ ms: (await run([process.execPath, '-e', '0'], place)).ms }) },
    { name: GIT, needs: ['git'], measure: async () => ({ ms: (await git('ls-files', '-m')).ms }) },
    { name: COLD, measure: () => decide(join(place.ram, 'no-cache')) },
    { name: WARM, measure: () => decide(cache) },
  ]
}

/** As large as migrations are: a kilobyte or two. */
function makeInputs(root: string, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const folder = join(root, `app_${Math.floor(number / PER_FOLDER)}`, 'migrations')
    if (number % PER_FOLDER === 0) mkdirSync(folder, { recursive: true })
    const name = `${String((number % PER_FOLDER) + 1).padStart(4, '0')}_change_${number}.py`
    writeFileSync(
      join(folder, name),
      `operations = [  # ${number}\n${'    migrations.RunSQL("select 1"),\n'.repeat(40)}]\n`,
    )
  }
}
