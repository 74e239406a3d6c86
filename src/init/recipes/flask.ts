import { posix } from 'node:path'
import { quoted } from '../../fs/quoted.ts'
import type { Project } from '../../template/framework.ts'
import { inFolder } from '../../template/frameworks/shared/in-folder.ts'
import type { FindRecipe } from '../recipe.ts'
import { isFlaskMigrates } from './alembic.ts'
import { databaseVariable, lockFiles, pythonTool, sqliteAddresses } from './python.ts'
import { textOf } from './text.ts'

/** Flask with SQLAlchemy and Flask-Migrate, by the `alembic.ini` in its folder of migrations. */
export const findFlask: FindRecipe = (project) => {
  const ini = project.files.find((path) => /(^|\/)alembic\.ini$/.test(path) && isFlaskMigrates(textOf(project, path)))
  if (ini === undefined) return undefined
  const scripts = posix.dirname(ini)
  const base = posix.dirname(scripts) === '.' ? '' : posix.dirname(scripts)
  const modules = project.files.filter(
    (path) => path.endsWith('.py') && path.startsWith(base) && !path.startsWith(`${scripts}/`),
  )
  const app = appOf(project, base)
  const variable = databaseVariable(project, modules)
  const flask = `${pythonTool(project, base, 'flask')}${app ?? ' --app APP'} db upgrade`
  return {
    name: 'Flask-Migrate',
    // What it migrates to is in the revisions; but it starts the app, and so anything of it may decide whether it runs.
    steps: [{ run: inFolder(base, flask), inputs: [`${scripts}/**/*.py`, ini, ...lockFiles(project, base)] }],
    ...(variable === undefined ? {} : { env: { [variable]: 'sqlite:///{path}' } }),
    // Flask-SQLAlchemy 3 takes relative paths as relative to the folder `instance`.
    databases: modules
      .flatMap((path) => sqliteAddresses(textOf(project, path)))
      .map((path) => (path.startsWith('/') ? path : posix.join(base, 'instance', path))),
    ...(app === undefined
      ? { toFillIn: ['put the name of your app in place of APP (as in `flask --app APP run`)'] }
      : {}),
  }
}

/** The option that names the app; none where Flask finds it by itself. */
function appOf({ files, env }: Project, base: string): string | undefined {
  const all = new Set(files)
  if (['app.py', 'wsgi.py', '.flaskenv'].some((name) => all.has(posix.join(base, name)))) return ''
  const named = env['FLASK_APP']
  return named ? ` --app ${quoted(named)}` : undefined
}
