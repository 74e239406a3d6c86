import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const SCRIPT = join(import.meta.dirname, 'sqlite-user.script.ts')

export interface Told {
  /** The numbers that were committed. */
  readonly noted: readonly number[]
  /** What must never be seen, and errors other than a busy database. */
  readonly wrong: readonly string[]
}

/** Programs that read the shop's goods, and write numbers of their own, one transaction after the other. */
export async function startReadersAndWriters(path: string): Promise<{ stop(): Promise<Told> }> {
  const users = ['write 1', 'write 2', 'read'].map((what) => fork(SCRIPT, [path, what], { execArgv: [] }))
  onTestFinished(() => {
    for (const user of users) user.kill('SIGKILL')
  })
  await Promise.all(users.map((user) => once(user, 'message')))
  return {
    stop: async () => {
      const told = await Promise.all(users.map(stopOne))
      return { noted: told.flatMap(({ noted }) => noted), wrong: told.flatMap(({ wrong }) => wrong) }
    },
  }
}

async function stopOne(user: ChildProcess): Promise<Told> {
  const answer = once(user, 'message')
  user.send('stop')
  const [told] = (await answer) as [Told]
  return told
}
