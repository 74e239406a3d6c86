import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { withoutStrace } from '../run/support/strace.ts'
import { createPlayground, DEVSHM } from '../support/playground.ts'

const CALLS = 'open,openat,creat,mkdir,mkdirat,chmod,fchmod,fchmodat,mknod,mknodat'
const CREATING = /^\d+ +(?:openat?\(.*O_CREAT.*|mkdir(?:at)?\(.*|mknod(?:at)?\(.*|f?chmod(?:at)?\(.*)$/gm

test.skipIf(withoutStrace !== undefined)(
  'with a umask that hides nothing, no file or folder of devshm’s is open to others, not for an instant',
  async () => {
    const playground = await createPlayground()
    onTestFinished(() => playground[Symbol.asyncDispose]())
    playground.sql('create table t (a); insert into t values (1)')
    await playground.command('chmod', '600', 'db.sqlite3')
    await playground.command(
      'sh',
      '-c',
      `echo '{"setup": [{"run": "sqlite3 $DB \\"create table t (a)\\"", "inputs": []}], "env": {"DB": "{path}"}}' > devshm.config.json`,
    )
    const record = join(playground.folder, 'calls')
    let seen = 0
    for (const args of [
      ['run', '--', 'sqlite3', 'db.sqlite3', 'insert into t values (2)'],
      ['snapshot', 'one'],
      ['reset'],
      ['undo'],
      ['test', '--', 'true'],
    ]) {
      const trace = ['strace', '-f', '--seccomp-bpf', '-qq', '-e', `trace=${CALLS}`, '-o', record]
      const line = 'umask 0; exec "$@"'
      const { status, stderr } = await playground.command('sh', '-c', line, 'sh', ...trace, ...DEVSHM, ...args)
      expect({ args, status, stderr }).toMatchObject({ status: 0 })
      const made = [...readFileSync(record, 'utf8').matchAll(CREATING)].map(([call]) => call).filter(isOfDevshm)
      expect(made.filter(isOpenToOthers)).toEqual([])
      expect(statSync(playground.origin).mode & 0o777).toBe(0o600)
      seen += made.length
    }
    expect(seen).toBeGreaterThan(50)

    function isOfDevshm(call: string): boolean {
      // SQLite would create what it opens, but the database is there: its mode is looked at below.
      if (call.includes(`"${playground.origin}"`)) return false
      return [playground.folder, playground.volume, playground.cache].some((folder) => call.includes(folder))
    }
  },
)

/**
 * What lies in a folder that only its owner may enter, as all of devshm's folders are made, can be reached by nobody else.
 * SQLite makes its locks there, and what is read-only for others anyway has the mode 0644.
 */
function isOpenToOthers(call: string): boolean {
  const isFolder = call.includes('mkdir')
  if (!isFolder && /\/(?:\.devshm|devshm-\d+|layers|unfinished|locks|facts|tests)\//.test(call)) return false
  const mode = /, 0([0-7]{3,6})(?:\)| <)/.exec(call)?.[1]
  return mode === undefined || (Number.parseInt(mode, 8) & 0o077) !== 0
}
