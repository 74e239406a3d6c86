import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createFolderOnDisk } from '../../support/django/disk-folder.ts'
import { createPlayground, DEVSHM, type Outcome, type Playground } from '../../support/playground.ts'

const NODE_PROJECTS = join(import.meta.dirname, '../../../examples/node')

/** An empty project, to be filled by the generators of a framework. `devshm` and `python` are on the path. */
export interface Generated extends Playground {
  write(path: string, text: string): void
  /** Replace a piece of text, which must be there. */
  edit(path: string, from: string | RegExp, to: string): void
  read(path: string): string
  /** A command line; it must succeed. */
  must(command: string): Promise<Outcome>
  /** The packages of `examples/node`, and a `package.json` that depends on some of them. */
  usePackages(manifest: { readonly dependencies: readonly string[]; readonly type?: 'module' }): void
}

export async function createGenerated(): Promise<Generated> {
  await using cleanUp = new AsyncDisposableStack()
  const playground = cleanUp.use(await createPlayground())
  const { path: bin } = cleanUp.use(createFolderOnDisk('devshm-bin-'))
  const { folder, env } = playground
  program(join(bin, 'devshm'), `exec ${DEVSHM.join(' ')} "$@"`)
  // Debian has it under the other name alone.
  program(join(bin, 'python'), 'exec python3 "$@"')
  // The Node.js that the tests run on, and the system's Python and Ruby, which have the frameworks.
  env['PATH'] = [bin, dirname(process.execPath), '/usr/bin', env['PATH']].join(':')
  // Servers listen where there is room; that of Flask has a variable of its own.
  Object.assign(env, { PORT: '0', FLASK_RUN_PORT: '0' })
  for (const name of ['NODE_ENV', 'RAILS_ENV', 'FLASK_APP', 'DATABASE_URL', 'VIRTUAL_ENV']) delete env[name]

  const at = (path: string): string => join(folder, path)
  const read = (path: string): string => readFileSync(at(path), 'utf8')
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text)
  }
  const resources = cleanUp.move()
  return {
    ...playground,
    read,
    write,
    edit(path, from, to) {
      const before = read(path)
      const after = before.replace(from, to)
      if (after === before) throw new Error(`${path} has no ${String(from)}:\n${before}`)
      write(path, after)
    },
    must: async (command) => {
      const outcome = await playground.command('sh', '-c', command)
      if (outcome.status !== 0) throw new Error(`${command}: ${outcome.stdout}${outcome.stderr}`)
      return outcome
    },
    usePackages({ dependencies, type }) {
      const scripts = { start: 'node server.js', test: 'node --test' }
      const versions = Object.fromEntries(dependencies.map((name) => [name, '*']))
      write('package.json', JSON.stringify({ name: 'shop', private: true, type, scripts, dependencies: versions }))
      if (!existsSync(at('node_modules'))) symlinkSync(join(NODE_PROJECTS, 'node_modules'), at('node_modules'))
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

function program(path: string, command: string): void {
  writeFileSync(path, `#!/bin/sh\n${command}\n`)
  chmodSync(path, 0o755)
}
