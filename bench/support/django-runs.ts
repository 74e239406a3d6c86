import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './place.ts'
import { PYTHON, run, workload, type CommandLine } from './programs.ts'
import type { Contender } from './rounds.ts'
import { onSlowDisk, SLOW_DISK, SLOWER_BY_MS, withSlowFsync } from './slow-disk.ts'

export interface Kind {
  readonly title: string
  readonly command: CommandLine
  /** What the command prints, where not all of its time is meant. */
  readonly isPrinted?: boolean
  readonly goal: number
  /** One run takes so long that there is none to warm up. */
  readonly isLong?: true
}

export const TEST: CommandLine = [PYTHON, 'manage.py', 'test', '--noinput']
export const CREATE: Kind = {
  title: '`create_test_db` alone',
  command: [PYTHON, workload('time-create-test-db.py')],
  isPrinted: true,
  goal: 10,
}
export const WHOLE: Kind = { title: '`manage.py test`', command: TEST, goal: 1.8 }
const PARALLEL: Kind = {
  title: '`manage.py test --parallel 2`',
  command: [...TEST, '--parallel', '2'],
  goal: 1.8,
}
export const KINDS: readonly Kind[] = [CREATE, WHOLE, PARALLEL]
export const SITE: Kind = { title: '`manage.py test` of a site', command: TEST, goal: 1.8, isLong: true }

export const MEMORY = 'without'
export const HIT = 'hit'
export const MISS = 'miss'
export const DISK = 'TEST NAME on disk'
export const SLOWLY_ON_DISK: string = `${DISK}, ${SLOW_DISK}`

export function contendersOf(kind: Kind, place: Place, cache: string, devshm: CommandLine): Contender[] {
  const { command, isPrinted } = kind
  const measured = async (line: CommandLine): Promise<{ ms: number }> => {
    const { ms, stdout } = await run(line, place)
    return { ms: isPrinted === true ? Number(stdout) : ms }
  }
  const ours: CommandLine = [...devshm, 'test', '--', ...command]
  return [
    contender(kind, MEMORY, () => measured(command)),
    contender(kind, HIT, () => measured(ours)),
    contender(kind, MISS, async () => {
      rmSync(join(cache, 'tests'), { recursive: true, force: true })
      return await measured(ours)
    }),
  ]
}

function contender(kind: Kind, way: string, measure: Contender['measure'], more: Partial<Contender> = {}): Contender {
  return { name: nameOf(kind, way), ...(kind.isLong && { isLong: true as const }), ...more, measure }
}

export function nameOf({ title }: Kind, way: string): string {
  return `${title} ${way}`
}

/** The test database as a file, on disk and in RAM, and kept. */
export function byHand(kind: Kind, place: Place, settings: NodeJS.ProcessEnv): Contender[] {
  const onDisk = join(place.cwd, 'test-database')
  const kept = join(place.cwd, 'kept-test-database')
  const way = (
    title: string,
    path: string,
    line: CommandLine,
    more: Partial<Contender> = {},
    env: NodeJS.ProcessEnv = {},
  ): Contender => {
    const surroundings = { cwd: place.cwd, env: { ...place.env, ...settings, TEST_DATABASE: path, ...env } }
    let isReady = path !== kept
    const measure = async (): Promise<{ ms: number }> => {
      if (!isReady) await run([...TEST, '--keepdb'], surroundings)
      isReady = true
      return { ms: (await run(line, surroundings)).ms }
    }
    return contender(kind, title, measure, more)
  }
  const slow = { isLong: true, needs: ['strace'] } as const
  const keep: CommandLine = [...TEST, '--keepdb']
  return [
    way(DISK, onDisk, TEST),
    way('TEST NAME in /dev/shm', join(place.ram, 'test-database'), TEST),
    // For a suite of seconds alone: they are the same.
    ...(kind === SITE
      ? []
      : [
          way(`${DISK}, synchronous=off`, onDisk, TEST, {}, { SYNCHRONOUS: 'off' }),
          way(`${DISK}, libeatmydata`, onDisk, ['eatmydata', ...TEST], { needs: ['eatmydata'] }),
        ]),
    way(`${DISK}, --keepdb`, kept, keep),
    way(SLOWLY_ON_DISK, onDisk, withSlowFsync(SLOWER_BY_MS, TEST), slow),
    way(`${DISK}, --keepdb, ${SLOW_DISK}`, kept, withSlowFsync(SLOWER_BY_MS, keep), slow),
  ]
}

export function ownOnSlowDisk(kind: Kind, place: Place, devshm: CommandLine): Contender {
  let line: CommandLine | undefined
  const measure = async (): Promise<{ ms: number }> => {
    line ??= await onSlowDisk(place, [...devshm, 'test', '--', ...kind.command])
    return { ms: (await run(line, place)).ms }
  }
  return contender(kind, OURS_SLOWLY, measure, { isLong: true, needs: ['strace'] })
}

export const OURS_SLOWLY: string = `\`devshm test\`, a hit, ${SLOW_DISK}`

export function isOurs(way: string): boolean {
  return [HIT, MISS, OURS_SLOWLY].includes(way)
}
