import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { findSettingsModule } from '../../../../project/django-settings-module.ts'
import type { Location } from '../locate.ts'

interface WhereToLook {
  /** Both are absolute, and the second, in which the command runs, is in the first. */
  readonly root: string
  readonly cwd: string
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

export interface TestLocation extends Location {
  /** What pytest puts on Python's path; absolute. */
  readonly pythonPath: readonly string[]
  /** There is a `manage.py` of Django's, or somebody names settings. */
  readonly isDjango: boolean
}

/** Where pytest looks for its configuration, the first that it would take first. */
const PYTEST_FILES = ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg']
const SETTINGS_MODULE = /^\s*DJANGO_SETTINGS_MODULE\s*=\s*["']?([\w.]+)/m
const PYTHON_PATH = /^\s*python_?paths?\s*=\s*(.+(?:\n\s+.+)*)/m

/**
 * Where the Django is that a command tests: beside the `manage.py` that it names or that is in its folder or the root,
 * else in the root, as far as pytest-django can tell. The settings are those that `--settings` or `--ds` names, the
 * environment, pytest's configuration or `manage.py`. Where that is wrong, more counts than has to: what a test database
 * really depends on is seen in its process.
 */
export function locateTests(run: WhereToLook): TestLocation {
  const { root, cwd, command, env } = run
  const named = command.filter((word) => basename(word) === 'manage.py').map((word) => dirname(resolve(cwd, word)))
  const manage = [...named, cwd, root].find((path) => isWithin(root, path) && existsSync(join(path, 'manage.py')))
  const pytest = pytestConfiguration(run)
  const settingsModule =
    optionOf('--ds', command) ??
    optionOf('--settings', command) ??
    (env['DJANGO_SETTINGS_MODULE'] || undefined) ??
    SETTINGS_MODULE.exec(pytest.text)?.[1] ??
    (manage === undefined ? undefined : findSettingsModule(manage, [], {}))
  return {
    folder: relative(root, manage ?? root),
    settingsModule,
    isDjango: settingsModule !== undefined || (manage !== undefined && isOfDjango(join(manage, 'manage.py'))),
    pythonPath: wordsOf(PYTHON_PATH.exec(pytest.text)?.[1] ?? '').map((path) => resolve(pytest.folder, path)),
  }
}

function pytestConfiguration({ root, cwd }: WhereToLook): { folder: string; text: string } {
  for (let folder = cwd; isWithin(root, folder); folder = dirname(folder)) {
    const texts = PYTEST_FILES.map((name) => join(folder, name))
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8'))
    const text = texts.find((each) => SETTINGS_MODULE.test(each) || PYTHON_PATH.test(each))
    if (text !== undefined) return { folder, text }
    if (folder === dirname(folder)) break
  }
  return { folder: root, text: '' }
}

/** Other frameworks have scripts of this name as well. */
export function isOfDjango(manage: string): boolean {
  return /django/i.test(readFileSync(manage, 'utf8'))
}

function optionOf(name: string, command: readonly string[]): string | undefined {
  const joined = command.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)
  const index = command.indexOf(name)
  return joined || (index === -1 ? undefined : command[index + 1])
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep)
}

/** `src lib`, `["src", "lib"]`. */
function wordsOf(text: string): string[] {
  return text.split(/[\s,[\]"']+/).filter(Boolean)
}
