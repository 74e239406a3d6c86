import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canMount } from '../../src/doctor/pretend.fixture.ts'
import { isLink } from '../support/playground.ts'
import { createTwoUsers, type TwoUsers } from '../volume/support/two-users.ts'
import { devshmIn, openSharedRam, portraitOf, shareFolder, shellIn } from './support/shared.ts'

async function inShared(check: (shared: string, users: TwoUsers) => Promise<void>): Promise<void> {
  using ram = openSharedRam()
  await using users = await createTwoUsers(ram.path)
  await check(shareFolder(users), users)
}

describe.runIf(canMount)('in a folder that everybody may write to (needs root, to be both users)', () => {
  test('a configuration that another user has put there runs nothing, and that is said', async () => {
    await inShared(async (shared, users) => {
      const configuration = `{"setup": [{"run": "touch ${shared}/ran", "inputs": []}], "databases": {"main": {"path": "db.sqlite3"}}}`
      await shellIn(shared, users, 'mallory', `echo '${configuration}' > devshm.config.json`)
      for (const args of [['reset'], ['status'], ['run', '--', 'touch', 'ran'], ['test', '--', 'touch', 'ran']]) {
        const { status, stderr } = await devshmIn(shared, users, 'ann', ...args)
        expect(stderr).toMatch(
          /^devshm: \S+devshm\.config\.json belongs to another user, [^\n]+\n {2}keep the project[^\n]+\n$/,
        )
        expect(status).toBe(2)
      }
      expect(readdirSync(shared)).toEqual(['devshm.config.json'])
    })
  })

  test('a Django project that another user has put there is not asked for its settings', async () => {
    await inShared(async (shared, users) => {
      const manage = "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')"
      const plant = `echo "${manage}" > manage.py; echo "open('${shared}/ran', 'w')" > settings.py`
      await shellIn(shared, users, 'mallory', `umask 0; ${plant}; mkdir sub; cd sub; ${plant}`)
      for (const args of [['status'], ['run', '--', 'true']]) await devshmIn(shared, users, 'ann', ...args)
      expect(existsSync(join(shared, 'ran'))).toBe(false)
      // It would have been found.
      await devshmIn(shared, users, 'mallory', 'status')
      expect(existsSync(join(shared, 'ran'))).toBe(true)
    })
  })

  test('a link that another user has put in the place of a database is not followed', async () => {
    await inShared(async (shared, users) => {
      const secret = users.project.ann
      await shellIn(shared, users, 'mallory', `ln -s ${secret}/db.sqlite3 db.sqlite3`)
      const before = portraitOf(secret)
      for (const [command = '', ...args] of [['attach'], ['run', '--', 'true'], ['snapshot', 'a'], ['restore', 'a']]) {
        const { status, stderr } = await devshmIn(shared, users, 'ann', command, '--db', 'db.sqlite3', ...args)
        expect(stderr).toContain('is a link that another user has put into a shared folder')
        expect(status).toBe(1)
      }
      expect(portraitOf(secret)).toEqual(before)
    })
  })

  test('what another user has put in the place of .devshm is not used: a folder, a link, a file', async () => {
    await inShared(async (shared, users) => {
      await shellIn(shared, users, 'ann', "sqlite3 db.sqlite3 'create table t (a)'")
      await shellIn(shared, users, 'mallory', 'mkdir -m 777 loot')
      for (const plant of [
        'mkdir -m 777 .devshm',
        'ln -s loot .devshm',
        `ln -s ${users.project.ann} .devshm`,
        'touch .devshm',
      ]) {
        await shellIn(shared, users, 'mallory', plant)
        const before = portraitOf(users.project.ann)
        for (const args of [
          ['snapshot', 'a'],
          ['run', '--', 'true'],
        ]) {
          const { status, stderr } = await devshmIn(shared, users, 'ann', ...args)
          expect(stderr).toMatch(
            /^devshm: \S+\.devshm (?:belongs to another user|is a symbolic link|is not a folder)[^\n]*\n {2}[^\n]+\n$/,
          )
          expect(status).toBe(1)
        }
        expect(isLink(join(shared, 'db.sqlite3'))).toBe(false)
        expect(readdirSync(join(shared, 'loot'))).toEqual([])
        expect(portraitOf(users.project.ann)).toEqual(before)
        await shellIn(shared, users, 'mallory', 'rm -rf .devshm')
      }
    })
  })
})
