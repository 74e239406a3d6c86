import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { BRANCHLY, setUpBranchly } from './branchly.ts'
import type { Place } from './place.ts'
import { writePlainScript } from './plain-script.ts'
import { PYTHON, run, type CommandLine } from './programs.ts'
import { settingsByEnvironment, WRITE_A_ROW, type Project } from './projects.ts'
import type { Contender } from './rounds.ts'
import { onSlowDisk, SLOW_DISK, SLOWER_BY_MS, withSlowFsync } from './slow-disk.ts'
import type { Bench } from './suite.ts'

export const NODE = '`node -e 0`'
export const RESET = '`devshm reset`'
export const BY_HAND = 'remove the file, and run the set-up'
export const COPY = 'a template by hand, `copyFileSync`'
export const BRANCH = 'remove the file, and `branchly sync`'
export const MISS = 'a miss: `devshm template build --no-cache`'
export const IN_RAM = '`devshm reset`, in RAM'
export const NODE_THEN = '`node -e 0`, meanwhile'

/** A set-up on the slow disk takes up to half a minute. */

/** The same way on the slow disk. */
export function slowly(way: string): string {
  return `${way}, ${SLOW_DISK}`
}

/** With devshm, by hand, and with a template by hand, as the disk is and slow; after a first `devshm reset`. */
export function resetContenders({ devshm }: Bench, project: Project, place: Place): Contender[] {
  const { setup, inputs, isLong } = project
  const commands = setup.filter((command) => command !== undefined)
  const script = writePlainScript('hand-rolled-template.script.ts', place.ram)
  const recipe = JSON.stringify({ inputs, setup: commands })
  const copy: CommandLine = [process.execPath, script, 'db.sqlite3', join(place.cwd, '.templates'), recipe]
  const devshmReset: CommandLine = [...devshm, 'reset']
  const long = { ...(isLong && { isLong }) }
  const slow = { isLong: true, needs: ['strace'] } as const
  const byHand = async (slower: (command: CommandLine) => CommandLine): Promise<{ ms: number }> => {
    let ms = 0
    rmSync(place.origin)
    for (const command of commands) ms += (await run(slower(command), place)).ms
    return { ms }
  }
  const onTheSlowDisk = [
    { name: slowly(BY_HAND), ...slow, measure: () => byHand((command) => withSlowFsync(SLOWER_BY_MS, command)) },
    reset(slowly(COPY), withSlowFsync(SLOWER_BY_MS, copy), place, slow),
    reset(slowly(RESET), () => onSlowDisk(place, devshmReset), place, slow),
  ]
  return [
    node(NODE, place),
    reset(RESET, devshmReset, place),
    { name: MISS, ...long, measure: () => timed([...devshm, 'template', 'build', '--no-cache'], place) },
    { name: BY_HAND, ...long, measure: () => byHand((command) => command) },
    reset(COPY, copy, place),
    ...(project.isTooSlow === true ? [] : onTheSlowDisk),
  ]
}

/** In a place of its own: branchly wants a repository. */
export function branchlyContenders(project: Project, place: Place): Contender[] {
  const [migrate, seed] = project.setup
  const sync: CommandLine = [...BRANCHLY, 'sync']
  let file: string | undefined
  const contender = (name: string, command: CommandLine, more: Partial<Contender>): Contender => ({
    name,
    measure: async () => {
      if (file === undefined) {
        Object.assign(place.env, settingsByEnvironment(project, place))
        const own: CommandLine = project.django === undefined ? withDatabaseByEnvironment(migrate) : migrate
        file = await setUpBranchly(place, { ...project, migrate: own, ...(seed !== undefined && { seed }) })
      }
      rmSync(file)
      return await timed(command, place)
    },
    ...more,
  })
  return [
    contender(BRANCH, sync, { needs: ['git'] }),
    ...(project.isTooSlow === true
      ? []
      : [
          contender(slowly(BRANCH), withSlowFsync(SLOWER_BY_MS, sync), {
            isLong: true,
            needs: ['git', 'strace'],
          }),
        ]),
  ]
}

/** A clone has its tables already: what makes them is then to do nothing. */
function withDatabaseByEnvironment(command: CommandLine): CommandLine {
  const words = command.map((word) => (word === 'db.sqlite3' ? '"$DATABASE"' : word))
  return ['sh', '-c', `test -s "$DATABASE" || ${words.join(' ')}`]
}

/** After a row was written, so that there is something to overwrite. */
export function reset(
  name: string,
  command: CommandLine | (() => Promise<CommandLine>),
  place: Place,
  more: Partial<Contender> = {},
): Contender {
  let known = typeof command === 'function' ? undefined : command
  return {
    name,
    measure: async () => {
      await run([PYTHON, '-c', WRITE_A_ROW], place)
      if (known === undefined) {
        known = await (typeof command === 'function' ? command() : command)
        await run([PYTHON, '-c', WRITE_A_ROW], place)
      }
      return await timed(known, place)
    },
    ...more,
  }
}

export function node(name: string, place: Place): Contender {
  return { name, measure: () => timed([process.execPath, '-e', '0'], place) }
}

async function timed(command: CommandLine, place: Place): Promise<{ ms: number }> {
  return { ms: (await run(command, place)).ms }
}
