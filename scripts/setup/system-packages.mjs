import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

const DEBIAN_GEMS = '/usr/share/rubygems-integration/all/specifications'
const RAILS = { isOptional: true, isForTests: true }
const DIST_PACKAGES = '/usr/lib/python3/dist-packages'

/** Debian's packages that tests, demo and benchmarks use, and how to see that what they bring is there. */
const PACKAGES = [
  // The example project, the demo and the end-to-end tests. The system's Python, not the first one on the path.
  { name: 'python3-django', isThere: hasDjango },
  // The shell on a live database, in the end-to-end tests.
  { name: 'sqlite3', isThere: () => isOnPath('sqlite3') },
  // Kills devshm at each of its file calls, and injects a slow disk.
  { name: 'strace', isThere: () => isOnPath('strace') },
  // Compiles the library in test/crash/shim, which sees every call that changes files.
  { name: 'gcc', isThere: () => isOnPath('gcc'), isForTests: true },
  { name: 'libc6-dev', isThere: () => existsSync('/usr/include/stdio.h'), isForTests: true },
  // How macOS tells who has a database open; the tests run the same reader here.
  { name: 'lsof', isThere: () => isOnPath('lsof') },
  // File systems of a chosen size, to fill up.
  { name: 'e2fsprogs', isThere: () => isOnPath('mkfs.ext4') },
  // A file system whose files can be clones of each other.
  { name: 'xfsprogs', isThere: () => isOnPath('mkfs.xfs'), isOptional: true, isForTests: true },
  // The benchmarks compare with it.
  { name: 'eatmydata', isThere: () => isOnPath('eatmydata'), isOptional: true },
  // The Rails application in examples/, whose tests are skipped without them. (The package `rails` conflicts with a Node.js
  // that is not Debian's.)
  { name: 'ruby-rails', isThere: hasDebiansRails, ...RAILS },
  { name: 'ruby-sqlite3', isThere: () => existsSync('/usr/share/doc/ruby-sqlite3'), ...RAILS },
  { name: 'bundler', isThere: () => isOnPath('bundle'), ...RAILS },
  // What sets up the projects of two pages in docs/frameworks/, whose commands are not executed without them.
  { name: 'alembic', isThere: () => isOnPath('alembic'), isOptional: true, isForTests: true },
  {
    name: 'python3-flask-migrate',
    isThere: () => existsSync(join(DIST_PACKAGES, 'flask_migrate')),
    isOptional: true,
    isForTests: true,
  },
  // The browser of the Playwright tests of the Django shop, which are skipped without it. Large: 290 MB.
  { name: 'chromium', isThere: () => isOnPath('chromium'), isOptional: true, isForTests: true },
  // Shells besides bash that devshm completes in; 20 MB each.
  { name: 'zsh', isThere: () => isOnPath('zsh'), isOptional: true, isForTests: true },
  { name: 'fish', isThere: () => isOnPath('fish'), isOptional: true, isForTests: true },
  // How projects of Django's are tested; and two packages that ship with their tests, whose suites are run.
  ...[
    ['python3-pytest-django', 'pytest_django'],
    ['python3-pytest-xdist', 'xdist'],
    ['python3-coverage', 'coverage'],
    ['python3-django-guardian', 'guardian'],
    ['python3-django-polymorphic', 'polymorphic'],
  ].map(([name, module]) => {
    return { name, isThere: () => existsSync(join(DIST_PACKAGES, module)), isOptional: true, isForTests: true }
  }),
]

/** With apt as root on Debian and its kin; elsewhere one line says what to install. */
export function installSystemPackages({ isForTests }) {
  const wanted = PACKAGES.filter((each) => isForTests || each.isForTests !== true)
  const missing = wanted.filter(({ isThere }) => !isThere())
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name).join(' ')
  if (process.getuid?.() === 0 && isOnPath('apt-get')) {
    process.stderr.write(`setup: apt-get install ${names}\n`)
    apt(['update'])
    apt(['install', '--yes', '--no-install-recommends', ...missing.map(({ name }) => name)])
    return
  }
  const advice = `install first: sudo apt-get install ${names} (or what brings them on your system)`
  if (missing.some(({ isOptional }) => isOptional !== true)) throw new Error(advice)
  process.stderr.write(`setup: for the benchmarks and all of the tests, ${advice}\n`)
}

function apt(args) {
  const { status, error, stdout, stderr } = spawnSync('apt-get', ['-qq', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (error !== undefined || status !== 0) {
    throw new Error(`apt-get ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`.trim()}`)
  }
}

function hasDebiansRails() {
  return existsSync(DEBIAN_GEMS) && readdirSync(DEBIAN_GEMS).some((name) => /^rails-\d/.test(name))
}

function hasDjango() {
  // Where Debian puts it: seen a hundred times faster than by starting Python, which is asked for any other place.
  if (existsSync('/usr/bin/python3') && existsSync('/usr/lib/python3/dist-packages/django/__init__.py')) return true
  return spawnSync('/usr/bin/python3', ['-c', 'import django'], { stdio: 'ignore' }).status === 0
}

function isOnPath(command) {
  // Root may have a path without it.
  return [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].some((folder) => isExecutable(join(folder, command)))
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
