import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const SET_BY_MANAGE =
  /^[^#\n]*environ(?:\.setdefault\(\s*["']DJANGO_SETTINGS_MODULE["']\s*,|\[\s*["']DJANGO_SETTINGS_MODULE["']\s*\]\s*=)\s*["']([\w.]+)["']/m

/**
 * The settings module that Django would use: `--settings` of the command, else the environment's
 * `DJANGO_SETTINGS_MODULE`, else what `manage.py` sets.
 *
 * @see https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings
 */
export function findSettingsModule(
  folder: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): string | undefined {
  return fromCommand(command) ?? (env['DJANGO_SETTINGS_MODULE'] || fromManage(folder))
}

function fromCommand(command: readonly string[]): string | undefined {
  const joined = command.find((word) => word.startsWith('--settings='))?.slice('--settings='.length)
  const apart = command.indexOf('--settings')
  return joined || (apart === -1 ? undefined : command[apart + 1])
}

function fromManage(folder: string): string | undefined {
  return SET_BY_MANAGE.exec(readFileSync(join(folder, 'manage.py'), 'utf8'))?.[1]
}
