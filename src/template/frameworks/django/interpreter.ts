import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { shortHash } from '../../../fs/short-hash.ts'
import { writeFileForNow } from '../../../fs/replace.ts'
import { cacheOf, ensureCache } from '../../cache.ts'
import type { Project } from '../../framework.ts'
import { choiceOf } from './interpreter-choice.ts'

export interface Interpreter {
  readonly version: string
  /** The folders in which it looks for packages, there or not yet; absolute. Its own library is none of them. */
  readonly path: readonly string[]
}

interface Answer extends Interpreter {
  /** The program itself, where what was called is a link to it or a script that chooses one. */
  readonly executable: string
}

interface Remembered {
  readonly stamp: string
  readonly answer: Answer
}

/**
 * The user's own folder counts before the first package makes it. What is in the way of an answer is thrown away. Nothing is
 * imported from the folder that it is asked in.
 */
const QUESTION = `
import sys
sys.path = [entry for entry in sys.path if entry]
import json, site, sysconfig
own = [sysconfig.get_path('stdlib'), sysconfig.get_path('platstdlib')]
own += [folder + '/lib-dynload' for folder in own]
path = [entry for entry in sys.path if entry and not entry.endswith('.zip') and entry not in own]
path += [site.getusersitepackages()] * bool(site.ENABLE_USER_SITE)
answer = {'version': '%d.%d.%d' % sys.version_info[:3], 'path': path, 'executable': sys.executable}
print('\\n' + json.dumps(answer))`

const TIME_LIMIT_MS = 10_000
const MOST_REMEMBERED = 20
const UNKNOWN: Interpreter = { version: 'unknown', path: [] }

/**
 * Where an interpreter looks for packages. It is asked once, and again when its file changes, or what a version manager
 * chooses by. Nothing is known of one that does not answer.
 */
export async function askInterpreter(file: string, { root, env }: Project): Promise<Interpreter> {
  const choice = choiceOf(file, root, env)
  const memory = join(cacheOf(env).home, 'interpreters.json')
  const key = shortHash(JSON.stringify([file, choice]))
  const known = readMemory(memory)[key]
  if (known !== undefined && known.stamp === stampOf(file, known.answer)) return known.answer
  const environment = { ...env }
  // What is on it is a part of the project, or named in the variable itself, which counts.
  delete environment['PYTHONPATH']
  const options = { cwd: root, env: environment, timeout: TIME_LIMIT_MS }
  // Loaded only where it must be asked.
  const [{ execFile }, { promisify }] = await Promise.all([import('node:child_process'), import('node:util')])
  try {
    const { stdout } = await promisify(execFile)(file, ['-c', QUESTION], options)
    const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer
    remember(memory, key, { stamp: stampOf(file, answer), answer }, env)
    return answer
  } catch {
    return UNKNOWN
  }
}

function stampOf(file: string, { executable }: Answer): string {
  const stamps = [file, executable].map((path) => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stats === undefined ? 'absent' : `${stats.dev}:${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`
  })
  return stamps.join(', ')
}

function readMemory(path: string): Record<string, Remembered> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, Remembered>
  } catch {
    return {}
  }
}

/** Where nothing can be written it is asked again: no failure. */
function remember(path: string, key: string, remembered: Remembered, env: NodeJS.ProcessEnv): void {
  const others = Object.entries(readMemory(path)).filter(([each]) => each !== key)
  const all = Object.fromEntries([...others.slice(1 - MOST_REMEMBERED), [key, remembered]])
  try {
    ensureCache(cacheOf(env))
    writeFileForNow(path, `${JSON.stringify(all, null, 2)}\n`, `${path}-${process.pid}`)
  } catch {
    return
  }
}
