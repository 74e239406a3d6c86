import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process that does what a Python script says; it ends with its scope, by its pid. */
export interface Holder extends AsyncDisposable {
  readonly pid: number
  /** The first line it printed. */
  readonly said: string
  /** `kill -9`, and wait for the end. */
  kill(): Promise<void>
}

/** Start a Python script and wait until it prints a line: then it has done what it is for. It stays after that. */
export async function startHolder(script: string, ...args: string[]): Promise<Holder> {
  const stay = `${script}\nimport sys, time\nsys.stdout.flush()\ntime.sleep(3600)`
  const child = spawn('python3', ['-c', stay, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  const { done, value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next()
  if (done === true) throw new Error('the script ended without a word')
  return { pid: child.pid ?? 0, said: value, kill, [Symbol.asyncDispose]: kill }
}

/** Open the file named by the first argument, and say so. */
export const OPEN = `import sys
file = open(sys.argv[1], 'rb')
print('open')`
