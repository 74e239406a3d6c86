import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { DevshmError } from '../../errors.ts'

export interface StepRun {
  /** A command line for `/bin/sh`. */
  readonly run: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** A file for everything that it prints. */
  readonly log: string
  /** For people; by default it is a step of the set-up, by its command line. */
  readonly what?: string
  /** Aborted with the reason when the user interrupts. */
  readonly signal: AbortSignal
}

/** How many of a failed step's last lines are shown. */
const SHOWN_LINES = 40

/** How long an interrupted step has to end by itself, in milliseconds. */
const GRACE_MS = 5_000

/**
 * The step's process group has a guard in it that waits for us on a pipe: when devshm dies, however that happens, the
 * pipe closes and the guard ends the group. A step that outlived us could find the user's own database at the path.
 * Built into the shell, all of it: the step's PATH may lead anywhere.
 */
const GUARDED = '{ read -r _ <&3; kill -KILL 0; } & exec 3<&-; exec /bin/sh -c "$1"'

/**
 * Run one step to its end, in a process group of its own, without a terminal and with standard input closed. When it
 * has ended, so has everything that it left behind in its group.
 *
 * @throws {DevshmError} `STEP_FAILED` with its last lines, `INTERRUPTED`
 */
export async function runStep(step: StepRun): Promise<void> {
  const { run, cwd, env, log, signal } = step
  signal.throwIfAborted()
  const output = openSync(log, 'a', 0o600)
  const child = spawn('/bin/sh', ['-c', GUARDED, 'sh', run], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
  })
  closeSync(output)
  const endGroup = (how: NodeJS.Signals): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, how)
    } catch {
      // Nobody is left in it.
    }
  }
  let limit: NodeJS.Timeout | undefined
  const interrupt = (): void => {
    endGroup('SIGTERM')
    limit = setTimeout(() => endGroup('SIGKILL'), GRACE_MS)
  }
  signal.addEventListener('abort', interrupt, { once: true })
  try {
    const { code, killedBy } = await new Promise<{ code: number | null; killedBy: NodeJS.Signals | null }>(
      (resolve, reject) => {
        child.once('error', reject)
        child.once('exit', (status, name) => resolve({ code: status, killedBy: name }))
      },
    )
    signal.throwIfAborted()
    if (code !== 0) throw failed(step, code === null ? `ended by ${killedBy ?? 'a signal'}` : `exit status ${code}`)
  } finally {
    clearTimeout(limit)
    signal.removeEventListener('abort', interrupt)
    endGroup('SIGKILL')
    child.stdio[3]?.destroy()
  }
}

function failed({ run, what = `the step of the set-up \`${run}\``, log }: StepRun, how: string): DevshmError {
  return new DevshmError('STEP_FAILED', `${what} failed (${how})${lastLines(log)}`, {
    hint: 'correct it and run the same command again; nothing of yours was changed',
    details: { run, log },
  })
}

function lastLines(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
  const shown = lines.slice(-SHOWN_LINES).map((line) => `  | ${line}`)
  return lines.join('') === '' ? '; it printed nothing' : `:\n${shown.join('\n')}`
}
