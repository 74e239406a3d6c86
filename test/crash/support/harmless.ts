import type { CrashCase } from './crash-case.ts'
import type { Call } from './shim.ts'

/** Failures that rightly do not make a command fail, each with the reason. */
const HARMLESS: readonly { readonly key: RegExp; readonly because: string }[] = [
  { key: /^mkdir cache$/, because: 'only Node.js would keep compiled code in it, to start faster' },
  { key: /holder\.log$/, because: 'a log for curious people, which must not stop the work' },
  {
    key: /^chown .*-(journal|wal|shm)$/,
    because: 'SQLite gives its journals the owner of the database where it may',
  },
  { key: /^sync volume\//, because: 'what is in RAM does not outlast a power cut, synced or not' },
  {
    key: /^sync project\/\.devshm\/db\.sqlite3\/unfinished$/,
    because:
      'SQLite syncs the folder of a journal; what is in this one is swept, and what is renamed out of it is synced there',
  },
  {
    key: /^clone /,
    because: 'where blocks cannot be shared, they are copied',
  },
  {
    key: /^(truncate|utimes|chown|chmod) project\/\.devshm\/db\.sqlite3\/unfinished\/save\.sqlite3$/,
    because: 'libuv copies what it may of owner, mode and times; content and mode are looked at afterwards',
  },
]

export function isHarmless(_each: CrashCase, { key }: Call, _blow: string): boolean {
  return HARMLESS.some((one) => one.key.test(key))
}
