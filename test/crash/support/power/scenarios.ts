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
  /** Everything up to here is on the disk. */
  prepare(playground: Playground): Promise<void>
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

/** As after `kill -9` of the holder: nobody works on it but the command. */
async function attached(playground: Playground): Promise<void> {
  await attachIn(contextOf(playground))
}

/** Larger than what is overwritten in place, so swapped where nobody has it open. */
function writeLarge(playground: Playground, word: string): void {
  const rows = `with recursive n (i) as (select 1 union all select i + 1 from n where i < 1200)
    insert into filler select zeroblob(4000) from n`
  runSql(playground.origin, `create table if not exists filler (content); delete from filler; ${rows}`)
  write(playground, word)
}

function configureReset({ folder }: Playground): void {
  const sql = "create table item (word); insert into item values ('template')"
  const setup = [{ run: `sqlite3 "$LEAD" "${sql}"`, inputs: [] }]
  const configuration = { databases: { default: { path: 'db.sqlite3' } }, env: { LEAD: '{path}' }, setup }
  writeFileSync(join(folder, 'devshm.config.json'), JSON.stringify(configuration))
}

/** The time of its last write is that of long ago: only such a file is swapped. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100))
}

/** Each word stays for longer than it takes to save it, mostly. */
function appWriting(...words: string[]): string[] {
  const script = `import sqlite3, sys, time
for word in sys.argv[1:]:
    connection = sqlite3.connect('db.sqlite3', timeout=30)
    connection.execute('update item set word = ?', (word,))
    connection.commit()
    connection.close()
    time.sleep(1.5)`
  return ['python3', '-c', script, ...words]
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'attach',
    isTypical: true,
    prepare: async (playground) => write(playground, 'one'),
    command: ['attach'],
    before: 'one',
    after: 'one',
  },
  {
    name: 'save, the first one',
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
      write(playground, 'two')
    },
    command: ['save'],
    before: 'one',
    after: 'two',
  },
  {
    name: 'save, a later one',
    isTypical: true,
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
      write(playground, 'two')
      await saveIn(contextOf(playground))
      write(playground, 'three')
    },
    command: ['save'],
    before: 'two',
    after: 'three',
  },
  {
    name: 'detach, changed',
    isTypical: true,
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
      write(playground, 'two')
    },
    command: ['detach'],
    before: 'one',
    after: 'two',
  },
  {
    name: 'detach, saved before',
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
      write(playground, 'two')
      await saveIn(contextOf(playground))
    },
    command: ['detach'],
    before: 'two',
    after: 'two',
  },
  {
    name: 'detach, unchanged',
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
    },
    command: ['detach'],
    before: 'one',
    after: 'one',
  },
  {
    name: 'detach, of a database that was not there before',
    prepare: async (playground) => {
      await attached(playground)
      write(playground, 'one')
      await saveIn(contextOf(playground))
      write(playground, 'two')
    },
    command: ['detach'],
    before: 'one',
    after: 'two',
  },
  ...(['delete', 'wal'] as const).flatMap((mode): Scenario[] => [
    {
      name: `snapshot, on disk (${mode})`,
      ...(mode === 'delete' && { isTypical: true }),
      prepare: async (playground) => {
        playground.sql(`pragma journal_mode = ${mode}`)
        write(playground, 'one')
      },
      command: ['snapshot', 'mine'],
      before: 'one',
      after: 'one',
      taken: { mine: 'one' },
    },
    {
      name: `restore, in place, on disk (${mode})`,
      ...(mode === 'delete' && { isTypical: true }),
      prepare: async (playground) => {
        playground.sql(`pragma journal_mode = ${mode}`)
        write(playground, 'one')
        await snapshotIn(contextOf(playground), 'mine')
        write(playground, 'two')
      },
      command: ['restore', 'mine'],
      before: 'two',
      after: 'one',
      kept: { mine: 'one' },
      taken: { '@before-restore-1': 'two' },
    },
    {
      name: `undo, in place, on disk (${mode})`,
      prepare: async (playground) => {
        playground.sql(`pragma journal_mode = ${mode}`)
        write(playground, 'one')
        await snapshotIn(contextOf(playground), 'mine')
        write(playground, 'two')
        await restoreIn(contextOf(playground), 'mine')
        write(playground, 'three')
      },
      command: ['undo'],
      before: 'three',
      after: 'two',
      kept: { mine: 'one', '@before-restore-1': 'two' },
      taken: { '@before-undo-1': 'three' },
    },
  ]),
  {
    name: 'snapshot, in RAM',
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
      write(playground, 'two')
    },
    command: ['snapshot', 'mine'],
    before: 'one',
    after: 'one',
    taken: { mine: 'two' },
  },
  {
    name: 'snapshot, in the place of another',
    prepare: async (playground) => {
      write(playground, 'one')
      await snapshotIn(contextOf(playground), 'mine')
      write(playground, 'two')
    },
    command: ['snapshot', '--force', 'mine'],
    before: 'two',
    after: 'two',
    taken: { mine: 'two' },
  },
  {
    name: 'restore, swapped, on disk',
    isTypical: true,
    prepare: async (playground) => {
      writeLarge(playground, 'one')
      await snapshotIn(contextOf(playground), 'mine')
      writeLarge(playground, 'two')
      await settled()
    },
    command: ['restore', 'mine'],
    before: 'two',
    after: 'one',
    kept: { mine: 'one' },
    taken: { '@before-restore-1': 'two' },
  },
  {
    name: 'restore, in RAM',
    prepare: async (playground) => {
      write(playground, 'one')
      await snapshotIn(contextOf(playground), 'mine')
      write(playground, 'two')
      await attached(playground)
      write(playground, 'three')
    },
    command: ['restore', 'mine'],
    before: 'two',
    after: 'two',
    kept: { mine: 'one' },
    taken: { '@before-restore-1': 'three' },
  },
  {
    name: 'reset with the build of its template, on disk',
    prepare: async (playground) => {
      write(playground, 'one')
      configureReset(playground)
    },
    command: ['reset'],
    before: 'one',
    after: 'template',
    taken: { '@before-reset-1': 'one' },
  },
  {
    name: 'reset from the cache, in RAM',
    prepare: async (playground) => {
      write(playground, 'one')
      configureReset(playground)
      const { status, stderr } = await playground.devshm('template', 'build')
      if (status !== 0) throw new Error(stderr)
      await attached(playground)
      write(playground, 'two')
    },
    command: ['reset'],
    before: 'one',
    after: 'one',
    taken: { '@before-reset-1': 'two' },
  },
  {
    name: 'recovery after a restart, by detach',
    isTypical: true,
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
      write(playground, 'two')
      await saveIn(contextOf(playground))
      write(playground, 'three')
      emptyVolume(playground.volume)
    },
    command: ['detach'],
    before: 'two',
    after: 'two',
  },
  {
    name: 'recovery after a restart, by attach',
    prepare: async (playground) => {
      write(playground, 'one')
      await attached(playground)
      emptyVolume(playground.volume)
    },
    command: ['attach'],
    before: 'one',
    after: 'one',
  },
  {
    name: 'run',
    prepare: async (playground) => write(playground, 'one'),
    command: ['run', '--', 'sqlite3', 'db.sqlite3', "update item set word = 'two'"],
    before: 'one',
    after: 'two',
  },
  {
    name: 'run, saved now and then',
    prepare: async (playground) => write(playground, 'one'),
    command: ['run', '--save-every', '0.5', '--', ...appWriting('two', 'three', 'four', 'five')],
    before: 'one',
    between: ['two', 'three', 'four'],
    after: 'five',
  },
  ...(['delete', 'wal'] as const).map((mode): Scenario => ({
    name: `run, without a link (${mode})`,
    prepare: async (playground) => {
      // Of Django, as far as devshm can see.
      writeFileSync(join(playground.folder, 'manage.py'), '# django\n')
      playground.sql(`pragma journal_mode = ${mode}`)
      write(playground, 'one')
    },
    command: ['run', '--no-link', '--save-every', '0.5', '--', ...appWriting('two', 'three')],
    before: 'one',
    between: ['two'],
    after: 'three',
  })),
]
