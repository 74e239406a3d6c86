import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Playground } from '../../support/playground.ts'

const SCRIPT = join(import.meta.dirname, 'calls.script.ts')
const MARK = /\n=== end of the call ?(\d*)\n/

const CALLS_A_PROCESS = 250

/** A limit for a hang, in milliseconds. */
const HANGS_AFTER_MS = 60_000

export interface Answer {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Calls of devshm, one after another, in a process that ends only when one of them ends it. */
export interface Caller extends AsyncDisposable {
  /** @throws the process ended, or does not answer */
  call(words: readonly string[]): Promise<Answer>
}

/** @param as what to put before the program, such as another user */
export function startCaller({ folder, env }: Playground, as: readonly string[]): Caller {
  let child: ChildProcess | undefined
  let calls = 0
  const start = (): ChildProcess => {
    const [program, ...args] = [...as, process.execPath, SCRIPT]
    const started = spawn(program ?? process.execPath, args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] })
    for (const stream of [started.stdout, started.stderr]) stream.setEncoding('utf8')
    started.stdin.on('error', () => undefined)
    return started
  }
  const end = async (): Promise<void> => {
    const old = child
    child = undefined
    if (old === undefined || old.exitCode !== null || old.signalCode !== null) return
    old.kill('SIGKILL')
    await once(old, 'exit')
  }
  return {
    async call(words) {
      // What calls leave in a process, as each ends its own in earnest, must not add up.
      calls += 1
      if (calls % CALLS_A_PROCESS === 0) await end()
      child ??= start()
      const answers = Promise.all([untilMark(child, child.stdout), untilMark(child, child.stderr)])
      child.stdin?.write(`${JSON.stringify(words)}\n`)
      let limit: NodeJS.Timeout | undefined
      const hangs = new Promise<never>((_resolve, reject) => {
        limit = setTimeout(() => reject(new Error(`no end within ${HANGS_AFTER_MS} ms`)), HANGS_AFTER_MS)
      })
      try {
        const [out, err] = await Promise.race([answers, hangs])
        return { status: Number(out.rest), stdout: out.text, stderr: err.text }
      } catch (error) {
        await end()
        throw error
      } finally {
        clearTimeout(limit)
      }
    },
    [Symbol.asyncDispose]: end,
  }
}

async function untilMark(child: ChildProcess, stream: Readable | null): Promise<{ text: string; rest: string }> {
  let text = ''
  return await new Promise((resolve, reject) => {
    const stop = (): void => {
      stream?.off('data', onData)
      child.off('close', onClose)
    }
    // Of the process, not of the stream: by then it is known how it ended.
    const onClose = (status: number | null, signal: string | null): void => {
      stop()
      reject(new Error(`the process ended (${signal ?? status}): ${text.slice(-2_000)}`))
    }
    const onData = (part: string): void => {
      text += part
      const found = MARK.exec(text)
      if (found === null) return
      stop()
      resolve({ text: text.slice(0, found.index), rest: found[1] ?? '' })
    }
    stream?.on('data', onData)
    child.on('close', onClose)
  })
}
