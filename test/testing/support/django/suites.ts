const MANAGE = `import os, sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`

const COMMON = `SECRET_KEY = 'for tests only'
USE_TZ = False
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']
CONTRIB = ['django.contrib.' + name for name in ('auth', 'contenttypes', 'sessions', 'sites', 'messages', 'admin')]
SITE_ID = 1
MIDDLEWARE = [
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
]
MEMORY = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}
PROCESSORS = ['auth.context_processors.auth', 'messages.context_processors.messages']
TEMPLATES = [{
    'BACKEND': 'django.template.backends.django.DjangoTemplates',
    'APP_DIRS': True,
    'DIRS': [],
    'OPTIONS': {'context_processors': ['django.template.context_processors.request'] + ['django.contrib.' + name for name in PROCESSORS]},
}]
`

/** The suite of a package of Debian's that ships with it, as it is, in a project that does nothing but run it. */
export interface Suite {
  readonly module: string
  /** What `manage.py test` is told to test. */
  readonly label: string
  readonly databases: readonly string[]
  readonly files: Readonly<Record<string, string>>
}

function suite(module: string, label: string, databases: readonly string[], settings: string): Suite {
  const named = databases.map((name) => `'${name}': MEMORY`).join(', ')
  const text = `${COMMON}DATABASES = {${named}}\n${settings}`
  return { module, label, databases, files: { 'manage.py': MANAGE, 'site_settings.py': text } }
}

export const SUITES: readonly Suite[] = [
  // Migrations of its own and of its tests, a user model, and a receiver of post_migrate.
  suite(
    'guardian',
    'guardian.testapp.tests',
    ['default'],
    `import os, guardian.testapp
INSTALLED_APPS = CONTRIB + ['guardian', 'guardian.testapp']
AUTH_USER_MODEL = 'testapp.CustomUser'
ANONYMOUS_USER_NAME = 'AnonymousUser'
GUARDIAN_MONKEY_PATCH = False
AUTHENTICATION_BACKENDS = ['django.contrib.auth.backends.ModelBackend', 'guardian.backends.ObjectPermissionBackend']
ROOT_URLCONF = 'guardian.testapp.tests.urls'
TEMPLATES[0]['DIRS'] = [os.path.join(os.path.dirname(guardian.testapp.__file__), 'tests', 'templates')]
`,
  ),
  // Two databases, and dozens of models without migrations.
  suite(
    'polymorphic',
    'polymorphic',
    ['default', 'secondary'],
    `INSTALLED_APPS = CONTRIB + ['polymorphic', 'polymorphic.tests']
POLYMORPHIC_TEST_SWAPPABLE = 'polymorphic.swappedmodel'
ROOT_URLCONF = None
`,
  ),
]
