import { posix } from 'node:path'
import { inFolder } from '../../template/frameworks/shared/in-folder.ts'
import type { ConfiguredStep } from '../../project/configuration.ts'
import type { FindRecipe } from '../recipe.ts'
import { textOf } from './text.ts'

/** Laravel, by its `artisan`, unless `.env` names another database. */
export const findLaravel: FindRecipe = (project) => {
  const all = new Set(project.files)
  const artisan = project.files.find(
    (path) =>
      posix.basename(path) === 'artisan' &&
      textOf(project, posix.join(posix.dirname(path), 'composer.json')).includes('"laravel/framework"'),
  )
  if (artisan === undefined) return undefined
  const base = posix.dirname(artisan) === '.' ? '' : posix.dirname(artisan)
  const at = (path: string): string => posix.join(base, path)
  const [, connection = 'sqlite'] = /^\s*DB_CONNECTION\s*=\s*["']?(\w+)/m.exec(textOf(project, at('.env'))) ?? []
  if (connection !== 'sqlite') return undefined
  const has = (folder: string): boolean => project.files.some((path) => path.startsWith(`${at(folder)}/`))
  const schema = has('database/schema') ? [at('database/schema/**')] : []
  const others = ['composer.lock', 'config/database.php'].map(at).filter((path) => all.has(path))
  const steps: ConfiguredStep[] = [
    {
      run: inFolder(base, 'php artisan migrate --force'),
      inputs: [at('database/migrations/**/*.php'), ...schema, ...others],
      incremental: true,
    },
  ]
  if (has('database/seeders')) {
    const folders = ['database/seeders', 'database/factories', 'app/Models'].filter(has)
    steps.push({
      run: inFolder(base, 'php artisan db:seed --force'),
      inputs: folders.map((folder) => at(`${folder}/**`)),
    })
  }
  return {
    name: 'Laravel',
    steps,
    env: { DB_CONNECTION: 'sqlite', DB_DATABASE: '{path}' },
    databases: [at('database/database.sqlite')],
  }
}
