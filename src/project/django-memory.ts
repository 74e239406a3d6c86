import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'
import { writeFileInOneStep } from '../fs/replace.ts'
import type { DjangoAnswer } from './ask-django.ts'
import { fingerprintOf } from './django-dependencies.ts'

interface Remembered {
  readonly fingerprint: string
  readonly answer: DjangoAnswer
}

/** What an answer is the answer to. */
export interface Asked {
  readonly root: string
  readonly folder: string
  readonly settingsModule: string
  readonly env: NodeJS.ProcessEnv
}

/** What Django said before, unless something that its answer depends on has changed since. */
export function recall(asked: Asked): DjangoAnswer | undefined {
  const remembered = readAll(asked.root)[keyOf(asked)]
  if (remembered === undefined) return undefined
  try {
    const { answer, fingerprint } = remembered
    return fingerprintOf(answer, asked.folder, asked.env) === fingerprint ? answer : undefined
  } catch {
    // Not what this version writes: ask again.
    return undefined
  }
}

/** Keep an answer in `.devshm/django.json`. Where that cannot be written, Django is asked each time: no failure. */
export async function remember(asked: Asked, answer: DjangoAnswer): Promise<void> {
  const all = { ...readAll(asked.root), [keyOf(asked)]: rememberedNow(asked, answer) }
  const folder = join(asked.root, '.devshm')
  try {
    ensurePrivateDirectory(folder)
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
      if (systemCodeOf(error) !== 'EEXIST') throw error
    })
    await writeFileInOneStep(
      fileIn(asked.root),
      `${JSON.stringify(all, null, 2)}\n`,
      join(folder, `django-${process.pid}`),
    )
  } catch {
    return
  }
}

function rememberedNow({ folder, env }: Asked, answer: DjangoAnswer): Remembered {
  return { fingerprint: fingerprintOf(answer, folder, env), answer }
}

function readAll(root: string): Record<string, Remembered> {
  try {
    const content: unknown = JSON.parse(readFileSync(fileIn(root), 'utf8'))
    return typeof content === 'object' && content !== null ? { ...content } : {}
  } catch {
    return {}
  }
}

function fileIn(root: string): string {
  return join(root, '.devshm', 'django.json')
}

function keyOf({ folder, settingsModule }: Asked): string {
  return `${settingsModule} in ${folder}`
}
