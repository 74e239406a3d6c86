import { existsSync, lstatSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isByStranger } from '../fs/strangers-file.ts'

/** The folder of the `manage.py` that the command runs, or else of the one in the project's own folder. */
export function findDjangoFolder(
  root: string,
  { cwd, command = [] }: { readonly cwd: string; readonly command?: readonly string[] | undefined },
): string | undefined {
  const words = command.filter((word) => basename(word) === 'manage.py').map((word) => resolve(cwd, word))
  const inRoot = [join(root, 'manage.py')].filter((path) => !isByStranger(path))
  return [...words, ...inRoot].filter((path) => existsSync(path)).map((path) => dirname(path))[0]
}

/** Django's default database, which makes asking Django needless. An attached one is a link, perhaps a dangling one. */
export function databaseBesideManage(folder: string): string | undefined {
  const path = join(folder, 'db.sqlite3')
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats?.isFile() === true || stats?.isSymbolicLink() === true ? path : undefined
}
