import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createPlayground, type Playground } from '../../support/playground.ts'

/** A project without any framework, set up by the `sqlite3` shell, that counts how often each step ran. */
export interface ShellProject extends Playground {
  write(path: string, text: string): void
  /** Change the configuration; undefined values leave a key out. */
  configure(changes: Record<string, unknown>): void
  /** How often each step has run so far, by its name. */
  runs(): Record<string, number>
}

/** Steps note that they ran in a file outside of the project, where they are no input. */
export function noted(name: string, command: string): string {
  return `echo ${name} >> "$RUNS" && ${command}`
}

export async function createShellProject(): Promise<ShellProject> {
  const playground = await createPlayground()
  const runsFile = join(playground.cache, 'runs.txt')
  playground.env['RUNS'] = runsFile
  let configuration: Record<string, unknown> = {}
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(playground.folder, path)), { recursive: true })
    writeFileSync(join(playground.folder, path), text)
  }
  const project: ShellProject = {
    ...playground,
    write,
    configure(changes) {
      configuration = { ...configuration, ...changes }
      write('devshm.config.json', JSON.stringify(configuration))
    },
    runs() {
      if (!existsSync(runsFile)) return {}
      const names = readFileSync(runsFile, 'utf8').trim().split('\n').filter(Boolean)
      return Object.fromEntries(
        Object.entries(Object.groupBy(names, (name) => name)).map(([k, v]) => [k, v?.length ?? 0]),
      )
    },
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
  write('migrations/001.sql', 'create table item (id integer primary key, name text);')
  write('fixtures/items.sql', "insert into item (name) values ('one'), ('two');")
  project.configure({
    databases: { main: { path: 'db.sqlite3' } },
    env: { APP_DB: '{path}' },
    setup: [
      {
        run: noted('migrate', `cat migrations/*.sql | sqlite3 -bail "$APP_DB"`),
        inputs: ['migrations/*.sql'],
      },
      { run: noted('load', `sqlite3 -bail "$APP_DB" < fixtures/items.sql`), inputs: ['fixtures/*'] },
    ],
  })
  appendFileSync(runsFile, '')
  return project
}
