import type { CrashCase } from './crash-case.ts'
import type { Point } from './try-point.ts'

/** Overwritten through a log. */
const IN_WAL = /^(restore|undo|reset|recovery, restore).*, wal$/

/** Failures that rightly do not make a command fail, each with the reason. */
const HARMLESS: readonly {
  readonly key: RegExp
  readonly because: string
  readonly only?: string
  readonly cases?: RegExp
  /** From this call of its kind on. */
  readonly from?: number
}[] = [
  { key: /^mkdir cache$/, because: 'only Node.js would keep compiled code in it, to start faster' },
  { key: /holder\.log$/, because: 'a log for curious people, which must not stop the work' },
  {
    key: /^chown .*-(journal|wal|shm)$/,
    because: 'SQLite gives its journals the owner of the database where it may',
  },
  { key: /^sync volume\//, because: 'what is in RAM does not outlast a power cut, synced or not' },
  {
    key: /^sync (project\/\.devshm\/db\.sqlite3\/unfinished|cache\/unfinished\/layer-RANDOM|cache\/.*\/keeping-RANDOM)$/,
    because:
      'SQLite syncs the folder of a journal; what is in this one is swept, and what is renamed out of it is synced there',
  },
  {
    key: /^sync project$/,
    because: 'SQLite syncs the folder of its journal as far as it can; what devshm renames there it syncs itself',
    cases: /restore|undo|reset/,
  },
  {
    key: /^(unlink|truncate) .*\/(live|db|snapshot-stage)\.sqlite3-(wal|shm)$/,
    because: 'what a log held is in the database by then; where it stays, SQLite and devshm take it for what it is',
    cases: /, wal$/,
  },
  {
    key: /^create .*\/(live|db)\.sqlite3-wal$/,
    because: 'who only reads opens the log for reading then',
    cases: /, wal$/,
  },
  {
    key: /^(write|truncate|sync) (project\/db|volume\/.*\/live)\.sqlite3$/,
    because: 'what is overwritten is complete in the log, which was synced; it is taken over into the database later',
    cases: IN_WAL,
  },
  {
    key: /^sync project\/db\.sqlite3-wal$/,
    because: 'the header and the commit were synced before; the third time is before the log is taken over',
    cases: IN_WAL,
    from: 3,
  },
  { key: /^mkdir cache\/layers$/, because: 'it is there by then, and that is looked at', from: 2 },
  {
    key: /^(link|rename) .*\/(live|db)\.sqlite3( ->|$)/,
    because: 'a database that cannot be swapped is overwritten in place',
    cases: /swap/,
  },
  {
    key: /^sync project\/\.devshm\/db\.sqlite3\/snapshots$/,
    because:
      'the second name of a file that is to be swapped: it is overwritten in place then, and another snapshot is synced',
    cases: /^swap, on disk$/,
  },
  { key: /^link cache\/layers\//, because: 'what is kept has its template as a link, or else as a copy' },
  { key: /^clone /, because: 'where blocks cannot be shared, they are copied' },
  {
    key: /^copy /,
    because: 'libuv copies in another way then; a save is compared',
  },
  { key: /^create cache\/locks\/.*\.use$/, because: 'to show that one uses something, its lock need only be read' },
  { key: /^utimes cache\/layers\//, because: 'when it was used last decides only what is pruned first' },
  { key: /^\w+ cache\/facts/, because: 'what is remembered of files only saves time' },
  {
    key: /^\w+ volume\/devshm-0\/clones\/.*\/clone-1(\/main\.sqlite3)?$/,
    because: 'without room in RAM clones are on disk, and it is said',
    only: 'ENOSPC',
  },
  { key: /^mount /, because: 'it is tried again without `noswap`, which not every kernel knows' },
  {
    key: /^(truncate|utimes|chown) \S+\/(save|main|snapshot|fresh|origin)\.sqlite3$/,
    because: 'libuv copies what it may of owner and times, into a new file',
  },
]

export function isHarmless({ name }: CrashCase, { key, number }: Point, blow: string): boolean {
  return HARMLESS.some(
    (one) =>
      one.key.test(key) && (one.only ?? blow) === blow && one.cases?.test(name) !== false && number >= (one.from ?? 1),
  )
}
