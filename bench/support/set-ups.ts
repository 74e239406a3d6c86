import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './place.ts'
import { run, type CommandLine } from './programs.ts'
import { settingsByEnvironment, type Project } from './projects.ts'
import type { Contender } from './rounds.ts'
import { SLOW_DISK, SLOWER_BY_MS, withSlowFsync } from './slow-disk.ts'

/** The ways to run the set-up itself faster. */
export const SET_UPS: Readonly<Record<'ram' | 'off' | 'eatmydata' | 'slowOff' | 'slowEatmydata', string>> = {
  ram: 'the set-up on a file in /dev/shm',
  off: 'the set-up with `synchronous=off`',
  eatmydata: 'the set-up with libeatmydata',
  slowOff: `the set-up with \`synchronous=off\`, ${SLOW_DISK}`,
  slowEatmydata: `the set-up with libeatmydata, ${SLOW_DISK}`,
}

/** Of a Django project, in a place that nobody else measures in. */
export function setUpContenders(project: Project, place: Place): Contender[] {
  const onDisk = join(place.cwd, 'set-up.sqlite3')
  const contender = (
    name: string,
    path: string,
    wrapped: (command: CommandLine) => CommandLine,
    { synchronous, ...more }: Pick<Contender, 'needs' | 'isLong'> & { readonly synchronous?: 'off' } = {},
  ): Contender => ({
    name,
    measure: async () => {
      const settings = settingsByEnvironment(project, place)
      const env = { ...place.env, ...settings, DATABASE: path, ...(synchronous && { SYNCHRONOUS: synchronous }) }
      rmSync(path, { force: true })
      let ms = 0
      for (const command of project.setup) {
        if (command !== undefined) ms += (await run(wrapped(command), { cwd: place.cwd, env })).ms
      }
      return { ms }
    },
    ...more,
  })
  const asItIs = (command: CommandLine): CommandLine => command
  const fast = (command: CommandLine): CommandLine => ['eatmydata', ...command]
  const slow = (command: CommandLine): CommandLine => withSlowFsync(SLOWER_BY_MS, command)
  return [
    contender(SET_UPS.ram, join(place.ram, 'set-up.sqlite3'), asItIs),
    contender(SET_UPS.off, onDisk, asItIs, { synchronous: 'off' }),
    contender(SET_UPS.eatmydata, onDisk, fast, { needs: ['eatmydata'] }),
    contender(SET_UPS.slowOff, onDisk, slow, { synchronous: 'off', needs: ['strace'], isLong: true }),
    contender(SET_UPS.slowEatmydata, onDisk, (command) => slow(fast(command)), {
      needs: ['eatmydata', 'strace'],
      isLong: true,
    }),
  ]
}
