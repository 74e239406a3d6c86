import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attachIn, contextOf, saveIn } from '../../../session/support/in-process.ts'
import { restoreIn, snapshotIn } from '../../../snapshot/support/in-process.ts'
import { write } from '../../../snapshot/support/shelf.ts'
import { runSql, type Playground } from '../../../support/playground.ts'
import { emptyVolume } from './after-the-cut.ts'

/** A command during which the power fails, and what may be found afterwards. A state is one word in the database. */
export interface Scenario {
  readonly name: string
  /** Done one after the other; all of it is on the disk when the command starts. */
  readonly prepare: readonly Step[]
  readonly command: readonly string[]
  /** What was reported as saved before the command. */
  readonly before: string
  /** What is saved meanwhile, in this order. */
  readonly between?: readonly string[]
  /** What is, once the command has said that it is done. */
  readonly after: string
  /** Snapshots that the user has, whatever happens. */
  readonly kept?: Readonly<Record<string, string>>
  /** Those that are there as well once the command is done. */
  readonly taken?: Readonly<Record<string, string>>
  /** One of those that stand for all in the default run of the tests. */
  readonly isTypical?: true
}

type Step = (playground: Playground) => unknown

/** An app changes the one word. */
export const writes =
  (word: string): Step =>
  (playground) => {
    write(playground, word)
  }

/** The same, and more than is overwritten in place: a restore of it is a swap, where nobody has it open. */
export const writesMuch =
  (word: string): Step =>
  (playground) => {
    const rows = `with recursive n (i) as (select 1 union all select i + 1 from n where i < 1200)
    insert into filler select zeroblob(4000) from n`
    runSql(playground.origin, `create table if not exists filler (content); delete from filler; ${rows}`)
    write(playground, word)
  }

export const setsJournalMode =
  (mode: 'delete' | 'wal'): Step =>
  (playground) =>
    playground.sql(`pragma journal_mode = ${mode}`)

/** As after `kill -9` of the holder: nobody works on it but the command. */
export const attaches: Step = async (playground) => await attachIn(contextOf(playground))

export const saves: Step = async (playground) => await saveIn(contextOf(playground))

export const takesSnapshot: Step = async (playground) => await snapshotIn(contextOf(playground), 'mine')

export const restores: Step = async (playground) => await restoreIn(contextOf(playground), 'mine')

export const losesItsRam: Step = ({ volume }) => {
  emptyVolume(volume)
}

/** A reset to the word `template`. */
export const configuresReset: Step = ({ folder }) => {
  const sql = "create table item (word); insert into item values ('template')"
  const setup = [{ run: `sqlite3 "$LEAD" "${sql}"`, inputs: [] }]
  const configuration = { databases: { default: { path: 'db.sqlite3' } }, env: { LEAD: '{path}' }, setup }
  writeFileSync(join(folder, 'devshm.config.json'), JSON.stringify(configuration))
}

export const buildsTemplate: Step = async (playground) => {
  const { status, stderr } = await playground.devshm('template', 'build')
  if (status !== 0) throw new Error(stderr)
}

/** Of Django, as far as devshm can see. */
export const becomesDjango: Step = ({ folder }) => {
  writeFileSync(join(folder, 'manage.py'), '# django\n')
}

/** The time of its last write is that of long ago: only such a file is swapped. */
export const restsAWhile: Step = async () => {
  await new Promise((resolve) => setTimeout(resolve, 100))
}

/** The command of an app. Each word stays for longer than it takes to save it, mostly. */
export function appWriting(...words: string[]): string[] {
  const script = `import sqlite3, sys, time
for word in sys.argv[1:]:
    connection = sqlite3.connect('db.sqlite3', timeout=30)
    connection.execute('update item set word = ?', (word,))
    connection.commit()
    connection.close()
    time.sleep(1.5)`
  return ['python3', '-c', script, ...words]
}
