import type { StartedProcess } from './started-process.ts'

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  /** From before the start until after the end of the process, in milliseconds. */
  readonly ms: number
}

/** Start a command and wait for its end. @throws when its status is not 0, with everything it printed */
export async function runToTheEnd(start: () => Promise<StartedProcess>): Promise<CommandResult> {
  const before = performance.now()
  await using started = await start()
  const { code, signal } = await started.waitForExit()
  const ms = performance.now() - before
  if (code !== 0) {
    throw new Error(`${started.command} ended with ${signal ?? `status ${code}`}:\n${started.output.trimEnd()}`)
  }
  return { stdout: started.stdout, stderr: started.stderr, ms }
}
