import { copyFileSync, cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './place.ts'
import { PYTHON, run, workload, type CommandLine } from './programs.ts'

/** A project with a database that its set-up makes. */
export interface Project {
  readonly title: string
  readonly make: (place: Place) => Promise<void> | void
  readonly setup: readonly [migrate: CommandLine, seed?: CommandLine]
  /** The files that a template by hand is kept by. */
  readonly inputs: readonly string[]
  /** The Python module of its settings. */
  readonly django?: string
  /** A set-up takes so long that it is not run to warm up. */
  readonly isLong?: true
  /** On the slow disk it would take minutes to learn nothing new. */
  readonly isTooSlow?: boolean
}

const EXAMPLE = join(import.meta.dirname, '../../examples/django-shop')
const MIGRATE: CommandLine = [PYTHON, 'manage.py', 'migrate', '--noinput']
const LOAD: CommandLine = [PYTHON, 'manage.py', 'loaddata', 'fixtures/all.json']
const INPUTS = ['**/migrations/*.py', 'fixtures/*.json']

export function generated(migrations: number, objects: number): Project {
  return {
    title: `${migrations} migrations, ${objects.toLocaleString('en')} objects in fixtures`,
    make: async (place) => {
      await run([PYTHON, workload('make-django-project.py'), '.', String(migrations), String(objects)], place)
    },
    setup: [MIGRATE, LOAD],
    inputs: INPUTS,
    django: 'site_settings',
    ...(migrations > 100 && { isLong: true as const, isTooSlow: true }),
  }
}

/** Of a real one 14 s were measured, of which `migrate` took half. */
export const SITE: Project = {
  title: 'a site: 207 migrations, 3,400 objects in fixtures',
  make: async (place) => {
    await run([PYTHON, workload('make-django-site.py'), '.'], place)
  },
  setup: [MIGRATE, LOAD],
  inputs: INPUTS,
  django: 'site_settings',
  isLong: true,
}

export const SHOP: Project = {
  title: 'the example shop',
  make: ({ cwd }) => {
    const leftBehind = /(db\.sqlite3.*|\.devshm|__pycache__)$/
    cpSync(EXAMPLE, cwd, { recursive: true, filter: (path) => !leftBehind.test(path) })
  },
  setup: [MIGRATE, [PYTHON, 'manage.py', 'loaddata', 'demo']],
  inputs: INPUTS,
  django: 'shop.settings',
}

/** Without a framework, of about so many megabytes. */
export function plain(megabytes: number): Project {
  return {
    title: `a database of ${megabytes} MB, made by a script`,
    make: ({ cwd }) => {
      copyFileSync(workload('make-database.py'), join(cwd, 'make.py'))
      const setup = [{ run: `${PYTHON} make.py "$DATABASE" ${megabytes}`, inputs: ['make.py'] }]
      const databases = { default: { path: 'db.sqlite3' } }
      writeFileSync(join(cwd, 'devshm.config.json'), JSON.stringify({ databases, setup, env: { DATABASE: '{path}' } }))
    },
    setup: [[PYTHON, 'make.py', 'db.sqlite3', String(megabytes)]],
    inputs: ['make.py'],
  }
}

/** Settings that take the database, that of tests, and `synchronous` from the environment. @returns what chooses them */
export function settingsByEnvironment({ django }: Pick<Project, 'django'>, place: Place): NodeJS.ProcessEnv {
  if (django === undefined) return {}
  writeFileSync(
    join(place.cwd, 'settings_by_environment.py'),
    [
      'import os',
      'from django.db.backends.signals import connection_created',
      `from ${django} import *`,
      "DATABASES['default']['NAME'] = os.environ.get('DATABASE', DATABASES['default']['NAME'])",
      "if 'TEST_DATABASE' in os.environ:",
      "    DATABASES['default']['TEST'] = {'NAME': os.environ['TEST_DATABASE']}",
      'def set_synchronous(connection, **kwargs):',
      "    connection.cursor().execute('pragma synchronous = ' + os.environ['SYNCHRONOUS'])",
      "if 'SYNCHRONOUS' in os.environ:",
      '    connection_created.connect(set_synchronous)',
      '',
    ].join('\n'),
  )
  return { DJANGO_SETTINGS_MODULE: 'settings_by_environment' }
}

/** So that there is something to overwrite. */
export const WRITE_A_ROW: string =
  "import sqlite3; c = sqlite3.connect('db.sqlite3'); c.execute('create table if not exists w (x)'); " +
  "c.execute('insert into w values (1)'); c.commit()"
