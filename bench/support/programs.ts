import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

/** A program and its arguments. */
export type CommandLine = readonly [program: string, ...args: string[]]

/** Debian's own: another `python3` may come first on the path. */
export const PYTHON = '/usr/bin/python3'

export interface Finished {
  /** From before it was started until it had ended. */
  readonly ms: number
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** The path of a workload's script. */
export function workload(name: string): string {
  return join(import.meta.dirname, '../workloads', name)
}

/** Run a program to its end. @throws {Error} it failed; a failed run is no measurement */
export async function run([program, ...args]: CommandLine, { cwd, env }: Surroundings): Promise<Finished> {
  const started = performance.now()
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'exit').then(([status]) => ({ status: Number(status), ms: performance.now() - started }))
  const [{ status, ms }, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  if (status === 0) return { ms, stdout, stderr }
  throw new Error(`${[program, ...args].join(' ')} ended with ${status}:\n${stdout}${stderr}`)
}

/** A program that works until its standard input closes. */
export interface Background extends AsyncDisposable {
  /** Have it end, and read its last line. */
  finish(): Promise<string>
}

/** Start a program and wait for its first line, which says that it is ready. */
export async function startInBackground([program, ...args]: CommandLine): Promise<Background> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface(child.stdout)
  let last = ''
  lines.on('line', (line) => {
    last = line
  })
  await Promise.race([once(lines, 'line'), ended.then(() => failed(child))])
  const end = async (): Promise<void> => {
    child.stdin.end()
    await ended
  }
  return {
    finish: async () => {
      const closed = once(lines, 'close')
      await Promise.all([end(), closed])
      return last
    },
    [Symbol.asyncDispose]: end,
  }
}

function failed(child: ChildProcess): never {
  throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode} before it was ready`)
}

/** Whether a program is installed. */
export function isInstalled(program: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', program], { stdio: 'ignore' }).status === 0
}
