/**
 * Folders that hold no inputs, by name, wherever they lie. Each belongs to a tool that fills it by itself. What people
 * may fill stays in, even where it is mostly built: TypeORM's migrations run from `dist/`, seeds lie in `build/`, `out/`
 * and `tmp/`, and `vendor/` holds engines with migrations of their own.
 */
const FOLDERS: ReadonlySet<string> = new Set([
  // devshm's own state.
  '.devshm',
  // Version control: what is checked out counts, not from where. (In a worktree `.git` is a file.)
  '.git',
  '.hg',
  '.jj',
  '.svn',
  // Installed packages, of which names and versions count. A folder with a `pyvenv.cfg` may be the project's own
  // (`python -m venv .`), so of a virtual environment with any other name only what it installs is left out.
  '.venv',
  'bower_components',
  'node_modules',
  'site-packages',
  // Derived from files that count themselves, and written again whenever they are used.
  '.mypy_cache',
  '.next',
  '.nox',
  '.nuxt',
  '.parcel-cache',
  '.pytest_cache',
  '.ruff_cache',
  '.svelte-kit',
  '.tox',
  '.turbo',
  '__pycache__',
])

const DERIVED_FILE = /\.py[co]$/

/** Whether a file or folder of this name can be no input. */
export function isLeftOut(name: string): boolean {
  return FOLDERS.has(name) || DERIVED_FILE.test(name)
}
