import { resolve } from 'node:path'

/**
 * The file that a `NAME` in Django's `DATABASES` stands for, relative to the folder of `manage.py`; `'memory'` if it is
 * in memory. Django opens names as URIs, so `file:` has SQLite's meaning.
 *
 * @see https://sqlite.org/uri.html
 */
export function fileOfDjangoName(name: string, folder: string): string {
  if (name.includes(':memory:')) return 'memory'
  if (!name.startsWith('file:')) return resolve(folder, name)
  const [location = '', query = ''] = name
    .slice('file:'.length)
    .split('#', 1)
    .join('')
    .split(/\?(.*)/s)
  const options = new URLSearchParams(query)
  const path = percentDecoded(location.replace(/^\/\/(?:localhost)?(?=\/)/, ''))
  if (options.get('mode') === 'memory' || options.get('vfs') === 'memdb' || path === '') return 'memory'
  return resolve(folder, path)
}

/** As SQLite does: what is no escape sequence stays as it is. */
function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (escaped) => Buffer.from(escaped.replaceAll('%', ''), 'hex').toString())
}
