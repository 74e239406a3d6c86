import { execFile } from 'node:child_process'
import { basename, dirname } from 'node:path'
import { systemCodeOf } from '../../errors.ts'
import type { Observation } from '../finding.ts'
import { quoted } from '../../fs/quoted.ts'
import { usersPath } from '../../fs/tool-path.ts'
import type { Surroundings } from '../surroundings.ts'

/** An origin in git would be committed as a link while it is in RAM. */
export async function checkGit({ databases, env }: Surroundings): Promise<Observation[]> {
  return await Promise.all(databases.map(({ places }) => look(places.origin, env)))
}

async function look(subject: string, env: NodeJS.ProcessEnv): Promise<Observation> {
  const folder = dirname(subject)
  const name = quoted(basename(subject))
  const ignore = `echo ${quoted(`/${basename(subject)}`)} >> .gitignore`
  const tracked = await git(folder, env, 'ls-files', '--error-unmatch', '--', `:(literal)${basename(subject)}`)
  if (tracked.status === 'missing') return { level: 'ok', subject, message: 'cannot be in git, which is not installed' }
  if (tracked.status === 0) {
    const message =
      'is tracked by git, which would show it as changed to a link, and commit the link, while it is in RAM'
    return { level: 'warning', subject, message, remedy: `in ${folder}:\ngit rm --cached -- ${name}\n${ignore}` }
  }
  if (tracked.status !== 1) {
    if (/not a git repository/i.test(tracked.error)) return { level: 'ok', subject, message: 'is in no git repository' }
    return { level: 'note', subject, message: `git cannot tell about it: ${tracked.error.trim().split('\n')[0]}` }
  }
  if ((await git(folder, env, 'check-ignore', '-q', '--', basename(subject))).status === 0) {
    return { level: 'ok', subject, message: 'is ignored by git' }
  }
  const message = 'is not ignored by git, which shows it in `git status`, as a link while it is in RAM'
  return { level: 'note', subject, message, remedy: `in ${folder}:\n${ignore}` }
}

interface Answer {
  readonly status: number | 'missing'
  readonly error: string
}

function git(folder: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Answer> {
  // A repository may name programs of its own for git to run; no look at a file needs them.
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-C', folder]
  const options = { env: { ...env, PATH: usersPath(env), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' }, timeout: 10_000 }
  return new Promise((resolve, reject) => {
    execFile('git', [...safe, ...args], options, (error, _output, complaint) => {
      if (error === null) resolve({ status: 0, error: '' })
      else if (typeof error.code === 'number') resolve({ status: error.code, error: complaint })
      else if (systemCodeOf(error) === 'ENOENT') resolve({ status: 'missing', error: '' })
      else reject(new Error(`git failed: ${error.message}`, { cause: error }))
    })
  })
}
