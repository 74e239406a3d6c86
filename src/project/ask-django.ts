import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { DJANGO_QUESTION } from './django-question.ts'

/** The descriptor on which the answer comes back: the first that is not a standard stream. */
const ANSWER = 3
const LONGEST_ANSWER = 4_000_000

export interface DjangoQuestion {
  readonly python: string
  /** The folder of `manage.py`. */
  readonly folder: string
  readonly settingsModule: string
  readonly env: NodeJS.ProcessEnv
  readonly timeoutMs: number
}

export interface DjangoAnswer {
  readonly databases: readonly { readonly alias: string; readonly engine: string; readonly name: string }[]
  /** What the answer depends on: absolute paths, there or not, and names of environment variables. */
  readonly files: readonly string[]
  readonly variables: readonly string[]
}

/**
 * Ask a Python for the databases in Django's settings. What the settings print is thrown away, and they get no input.
 *
 * @throws {Error} Python cannot be started (with the system's `code`), the settings fail (the message is Python's last
 *   line), or there is no answer within `timeoutMs`; the process is gone then
 */
export async function askDjango(question: DjangoQuestion): Promise<DjangoAnswer> {
  const { python, folder, settingsModule, env, timeoutMs } = question
  const child = spawn(python, ['-c', DJANGO_QUESTION, folder, settingsModule, String(ANSWER)], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const answerStream = child.stdio[ANSWER] as Readable
  const errorStream = child.stderr as Readable
  const timer = new AbortController()
  try {
    const complaint = text(errorStream).catch(() => '')
    const failure = once(child, 'error').then(([error]: unknown[]) => {
      throw error
    })
    const limit = wait(timeoutMs, undefined, { signal: timer.signal }).then(() => {
      throw new Error(`no answer within ${timeoutMs / 1000} s`)
    })
    failure.catch(() => undefined)
    limit.catch(() => undefined)
    const line = await Promise.race([firstLineOf(answerStream), failure, limit])
    return line === undefined ? fail(lastLineOf(await Promise.race([complaint, limit]))) : understood(line)
  } finally {
    timer.abort()
    child.kill('SIGKILL')
    answerStream.destroy()
    errorStream.destroy()
  }
}

async function firstLineOf(stream: Readable): Promise<string | undefined> {
  let received = ''
  stream.setEncoding('utf8')
  for await (const part of stream) {
    received += String(part)
    if (received.includes('\n')) return received
    if (received.length > LONGEST_ANSWER) throw new Error('the answer is too long')
  }
  return undefined
}

function understood(line: string): DjangoAnswer {
  const answer: unknown = JSON.parse(line)
  if (typeof answer === 'object' && answer !== null && 'error' in answer) return fail(String(answer.error))
  return answer as DjangoAnswer
}

function lastLineOf(complaint: string): string {
  return complaint.trim().split('\n').at(-1) || 'Python ended without an answer'
}

function fail(reason: string): never {
  throw new Error(reason)
}
