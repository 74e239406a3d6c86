import { posix } from 'node:path'
import { isNumbered } from '../../template/frameworks/shared/order.ts'
import { inFolder } from '../../template/frameworks/shared/in-folder.ts'
import type { FindRecipe } from '../recipe.ts'
import { databaseVariable, lockFiles, pythonTool, sqliteAddresses } from './python.ts'
import { textOf } from './text.ts'

const OTHER_DATABASE = /^\s*sqlalchemy\.url\s*=\s*(?!sqlite|driver:|$)\w+/m

/** Alembic, by its `alembic.ini`; that of Flask-Migrate is not for its command line. */
export const findAlembic: FindRecipe = (project) => {
  const ini = project.files.find((path) => /(^|\/)alembic\.ini$/.test(path) && !isFlaskMigrates(textOf(project, path)))
  if (ini === undefined) return undefined
  const settings = textOf(project, ini)
  const base = posix.dirname(ini) === '.' ? '' : posix.dirname(ini)
  const [, location = 'alembic'] = /^\s*script_location\s*=\s*(?:%\(here\)s\/)?(\S+)/m.exec(settings) ?? []
  const scripts = posix.join(base, location)
  const variable = databaseVariable(project, [`${scripts}/env.py`])
  if (variable === undefined && OTHER_DATABASE.test(settings)) return undefined

  const revisions = project.files.filter((path) => path.startsWith(`${scripts}/versions/`) && path.endsWith('.py'))
  // Revisions are named by random characters, unless `file_template` puts the time first: only then a new one can be
  // told to come last.
  const haveOrder =
    revisions.length > 0 && revisions.every((path) => isNumbered(path) && /^\d{4}/.test(posix.basename(path)))
  const run = inFolder(base, `${pythonTool(project, base, 'alembic')} upgrade head`)
  const step = haveOrder
    ? { run, inputs: [`${scripts}/versions/*.py`, ini], incremental: true }
    : { run, inputs: [`${scripts}/**/*.py`, ini, ...lockFiles(project, base)] }
  return {
    name: 'Alembic',
    steps: [step],
    ...(variable === undefined ? {} : { env: { [variable]: 'sqlite:///{path}' } }),
    databases: sqliteAddresses(settings).map((path) => posix.join(base, path)),
  }
}

export function isFlaskMigrates(settings: string): boolean {
  return settings.includes('flask_migrate')
}
