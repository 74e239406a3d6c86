import { join } from 'node:path'
import process from 'node:process'

/** What a user starts: the published entry point, with the bundle that `npm run demo` has just built. */
export const DEVSHM: readonly string[] = [process.execPath, join(import.meta.dirname, '../../bin/devshm.cjs')]

/** To put before a command that is to find its database in RAM. */
export const IN_RAM: readonly string[] = [...DEVSHM, 'run', '--']

/** The lines devshm printed among those of the command. */
export function devshmLines(output: string): string[] {
  return output.split('\n').filter((line) => line.startsWith('devshm: '))
}

/** The milliseconds that devshm says it took, all lines together: to attach, and to save and detach. */
export function devshmMilliseconds(output: string): number {
  const times = devshmLines(output).flatMap((line) => [...line.matchAll(/, ([\d.]+) (ms|s)\)/g)])
  return times.reduce((sum, [, value, unit]) => sum + Number(value) * (unit === 's' ? 1000 : 1), 0)
}
