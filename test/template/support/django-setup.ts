import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { findDjangoPython } from '../../support/django/python.ts'
import { createPlayground, type Playground } from '../../support/playground.ts'

const EXAMPLE = join(import.meta.dirname, '../../../examples/django-shop')
const LEFT_BEHIND_BY_USE = /^(db\.sqlite3.*|\.devshm|__pycache__|devshm\.config\.json)$/

/** A copy of the example shop, with a template cache and a volume of its own, and Debian's Python first. */
export interface DjangoSetup extends Playground {
  readonly python: string
  write(path: string, text: string): Promise<void>
  /** Replace a text that must be there. */
  edit(path: string, from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  manage(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }>
  /** For each step of the set-up whether it is cached. */
  cached(): Promise<boolean[]>
}

export async function createDjangoSetup(): Promise<DjangoSetup> {
  const { python } = await findDjangoPython()
  const playground = await createPlayground()
  playground.env['PATH'] = `${dirname(python)}:${playground.env['PATH'] ?? ''}`
  const at = (path: string): string => join(playground.folder, path)
  await cp(EXAMPLE, playground.folder, {
    recursive: true,
    filter: (path) => !LEFT_BEHIND_BY_USE.test(basename(path)),
  })
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(at(path)), { recursive: true })
    await writeFile(at(path), text)
  }
  return {
    ...playground,
    python,
    write,
    async edit(path, from, to) {
      const text = await readFile(at(path), 'utf8')
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
      await writeFile(at(path), text.replace(from, to))
    },
    remove: (path) => rm(at(path), { recursive: true }),
    manage: (...args) => playground.command(python, 'manage.py', ...args),
    async cached() {
      const { stdout, stderr } = await playground.devshm('template', 'explain', '--json')
      if (stdout === '') throw new Error(stderr)
      const { steps } = JSON.parse(stdout) as { steps: { isCached: boolean }[] }
      return steps.map(({ isCached }) => isCached)
    },
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
}

/** A migration of the shop's with one operation. */
export function migration(after: readonly [app: string, name: string], operation: string, more = ''): string {
  return `from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('${after[0]}', '${after[1]}')]
    ${more}
    operations = [${operation}]
`
}
