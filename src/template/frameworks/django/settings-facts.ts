import type { FileFacts } from '../../file-facts.ts'
import { readPython } from './python-source.ts'
import { statementsOf } from './python-statements.ts'

/** What a file of settings says by name, beyond what any module does. */
export interface SettingsFacts {
  /** Dotted names in it, such as a database router's: `shop.routers.Logs`. */
  readonly names: readonly string[]
  /** The packages in `MIGRATION_MODULES`. */
  readonly migrationPackages: readonly string[]
  /** `MIGRATION_MODULES` turns migrations off, or is put together when the settings run. */
  readonly migrationsAreUncertain: boolean
  readonly listsApps: boolean
  readonly hasContentTypes: boolean
  /** The `ENGINE`s of databases that it names, one an occurrence; `unknown` where they come from elsewhere. */
  readonly engines: readonly string[]
  /** It has to do with `.env` files. */
  readonly readsEnvironmentFiles: boolean
  /** Other settings are included, by a library that does so by the name of a file. */
  readonly includesFiles: boolean
}

const KEY = 'django: settings 1'

/** Settings that are about pages, logs and tests: what they name has no part in setting up a database. */
const ABOUT_OTHER_THINGS =
  /^(?:ROOT_URLCONF|[AW]SGI_APPLICATION|MIDDLEWARE\w*|TEMPLATES|LOGGING\w*|TEST_RUNNER|REST_FRAMEWORK|CELERY\w*|\w+_VIEW)\b/
const MIGRATION_MODULES = /\bMIGRATION_MODULES\b/
const ENVIRONMENT_FILES = /\b(?:environs?|dotenv\w*|decouple|read_env|read_dotenv)\b/
const ENGINE_ELSEWHERE = /\b(?:dj_database_url|db_url|database_url|DATABASE_URL)\b|\benv\s*\.\s*db\s*\(/

/** Remembered for as long as the file stays the same; `undefined` if there is no such file. */
export function settingsFacts(facts: FileFacts, path: string): SettingsFacts | undefined {
  const told = facts.derived(path, KEY, factsInLines)
  if (told === undefined) return undefined
  const of = (sign: string): string[] => told.filter((line) => line.startsWith(sign)).map((line) => line.slice(1))
  return {
    names: of('.'),
    migrationPackages: of('@'),
    migrationsAreUncertain: told.includes('!migrations'),
    listsApps: told.includes('!apps'),
    hasContentTypes: told.includes('!contenttypes'),
    engines: of('='),
    readsEnvironmentFiles: told.includes('!environment'),
    includesFiles: told.includes('!includes'),
  }
}

function factsInLines(content: string): readonly string[] {
  const source = readPython(content)
  const { strings } = source
  const told = new Set<string>()
  for (const { code } of statementsOf(source)) {
    const texts = [...code.matchAll(/"(\d+)"/g)].map(([, index]) => strings[Number(index)] ?? '')
    if (ENVIRONMENT_FILES.test(code) || texts.some((text) => /^(?:.*\/)?\.env/.test(text))) told.add('!environment')
    if (/\bsplit_settings\b|\bdynaconf\b/i.test(code)) told.add('!includes')
    if (ENGINE_ELSEWHERE.test(code)) told.add('=unknown')
    if (/\bINSTALLED_APPS\b/.test(code)) told.add('!apps')
    if (MIGRATION_MODULES.test(code)) tellOfMigrations(code, strings, told)
    for (const [, key, value] of code.matchAll(/"(\d+)"(?:\s*\]\s*=|\s*:)\s*(?:"(\d+)")?/g)) {
      if (strings[Number(key)] === 'ENGINE') told.add(`=${value === undefined ? 'unknown' : strings[Number(value)]}`)
    }
    for (const text of texts) {
      if (text.startsWith('django.contrib.contenttypes')) told.add('!contenttypes')
      if (/^[A-Za-z_]\w*(?:\.\w+)+$/.test(text) && !ABOUT_OTHER_THINGS.test(code)) told.add(`.${text}`)
    }
  }
  return [...told]
}

/** Understood is `MIGRATION_MODULES = {'app': 'package', …}`, and `['app'] = 'package'`. */
function tellOfMigrations(code: string, strings: readonly string[], told: Set<string>): void {
  for (const [, index] of code.matchAll(/[:=]\s*"(\d+)"/g)) told.add(`@${strings[Number(index)] ?? ''}`)
  const value = code.replace(/^.*?\bMIGRATION_MODULES\b[^=]*=/, '')
  if (!/^[\s{},:"\d]*$/.test(value)) told.add('!migrations')
}
