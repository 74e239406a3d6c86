import { execFile } from 'node:child_process'
import { DevshmError, systemCodeOf } from '../../errors.ts'
import { toolPath } from '../../fs/tool-path.ts'

/** How long a tool may take, in milliseconds: a limit for a hang. */
const HANGS_AFTER_MS = 60_000

export interface ToolOutcome {
  readonly status: number
  readonly output: string
  /** What it complained, in one line. */
  readonly complaint: string
}

/**
 * Run a tool of the system to its end, with plain English messages.
 *
 * @throws {DevshmError} `UNSUPPORTED`: there is no such tool; `IO`: it does not come to its end
 */
export async function runTool(env: NodeJS.ProcessEnv, tool: string, ...args: string[]): Promise<ToolOutcome> {
  const options = {
    env: { ...env, PATH: toolPath(env), LC_ALL: 'C' },
    timeout: HANGS_AFTER_MS,
    encoding: 'utf8',
  } as const
  return await new Promise((resolve, reject) => {
    execFile(tool, args, options, (error, output, errors) => {
      const complaint = firstLine(errors) || firstLine(output)
      if (error === null) resolve({ status: 0, output, complaint })
      else if (typeof error.code === 'number') resolve({ status: error.code, output, complaint })
      else reject(failureOf(tool, error))
    })
  })
}

function failureOf(tool: string, error: Error): DevshmError {
  if (systemCodeOf(error) === 'ENOENT') {
    const hint = `install it (util-linux has it on Linux), or call devshm with a PATH that leads to it`
    return new DevshmError('UNSUPPORTED', `there is no ${tool} here, which mounts or unmounts`, { hint, cause: error })
  }
  return new DevshmError('IO', `${tool} did not come to its end: ${error.message}`, {
    hint: `see with \`mount\` what is mounted, and try again`,
    cause: error,
  })
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? ''
}
