import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { createDjangoProject, type DjangoProject } from '../../test/support/django.ts'
import { createFolderOnDisk } from '../../test/support/django/disk-folder.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const ADDRESS = 'localhost:8000'

const ORDER = `curl -s -d email=ann@example.com -d sku=TEA-0007 -d quantity=2 ${ADDRESS}/api/orders/`
const EDIT =
  "sed -i 's/active = models.BooleanField.*/&\\n    organic = models.BooleanField(default=False)/' catalog/models.py"

/** What is typed, while the server runs; a line that begins with `#` is only shown. */
const SESSION = [
  'cat devshm.config.json',
  '# in one terminal: devshm run -- python3 manage.py runserver; and in another:',
  'devshm reset',
  ORDER,
  '# What did that write?',
  'devshm diff --rows',
  '# Back to the start, and no: I need that order.',
  'devshm reset',
  'devshm undo',
  '# A new migration: only that one is run, not all of them.',
  EDIT,
  'python3 manage.py makemigrations catalog',
  'devshm template explain',
  'devshm reset',
  'devshm diff @before-reset',
  'devshm undo',
]

/**
 * Play the session in a copy of the example shop, with a template cache of its own.
 *
 * @returns what a terminal would show
 * @throws when a command fails, with what it printed
 */
export async function playSession(): Promise<string> {
  await using cleanUp = new AsyncDisposableStack()
  const place = cleanUp.use(createFolderOnDisk('devshm-record-'))
  const env = { DEVSHM_CACHE: join(place.path, 'cache'), LC_ALL: 'C.UTF-8', PATH: '' }
  const project = cleanUp.use(await createDjangoProject({ parent: place.path, env }))
  env.PATH = `${makeBin(place.path, project)}:${process.env['PATH'] ?? ''}`
  await using server = await project.startServer({ prefix: ['devshm', 'run', '--'] })
  const address = new URL(server.url).host
  const shown: string[] = []
  for (const line of SESSION) {
    const isRemark = line.startsWith('#')
    shown.push(...(isRemark ? ['', line] : [`$ ${line}`]))
    if (isRemark) continue
    const { stdout } = await project.run(['sh', '-c', `{ ${line.replace(ADDRESS, address)}\n} 2>&1`])
    const output = stdout.replaceAll(address, ADDRESS).replaceAll(project.folder, '~/shop').trimEnd()
    if (output !== '') shown.push(...output.split('\n').map((each) => each.trimEnd()))
  }
  await server.stop()
  return shown.join('\n')
}

/** `devshm` from source, and a `python3` that has Django. */
function makeBin(folder: string, { python }: DjangoProject): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const path = join(bin, 'devshm')
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`)
  chmodSync(path, 0o755)
  return python.includes('/') ? `${bin}:${dirname(python)}` : bin
}
