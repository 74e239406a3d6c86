import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const documents = globSync('**/*.md', { cwd: root, exclude: ['**/node_modules/**', 'dist/**', 'coverage/**'] })

test.each(documents)('every path that %s names exists', (document) => {
  const missing = [...text(document).matchAll(/`((?:src|docs|test|bench|examples|scripts)\/[^`\s]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => globSync(asGlob(path), { cwd: root }).length === 0)
  expect(missing).toEqual([])
})

test.each(documents)('every link of %s leads to a file and a heading', (document) => {
  expect(linksOf(document).filter((link) => !leadsSomewhere(document, link))).toEqual([])
})

test('every npm script that CONTRIBUTING.md names exists', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
  const named = [...text('CONTRIBUTING.md').matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name)
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
})

test('every page of docs/ can be reached from the README', () => {
  const reached = new Set<string>()
  const next = ['README.md']
  for (let page = next.pop(); page !== undefined; page = next.pop()) {
    if (reached.has(page) || !existsSync(join(root, page))) continue
    reached.add(page)
    next.push(...linksOf(page).map((link) => targetOf(page, link)))
  }
  const pages = documents.filter((path) => path.startsWith('docs/'))
  expect(pages.filter((path) => !reached.has(path))).toEqual([])
})

function text(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** `<name>` and `…` stand for anything, and a line number is not part of the name. */
function asGlob(path: string): string {
  return path
    .replace(/[:#]\d+$/, '')
    .replaceAll(/<[^>]+>|…/g, '*')
    .replace(/\/$/, '')
}

/** Links to this repository; what is code is none. */
function linksOf(document: string): readonly string[] {
  const prose = text(document)
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/`[^`]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link))
}

function leadsSomewhere(document: string, link: string): boolean {
  const target = targetOf(document, link)
  const heading = link.split('#')[1]
  if (!existsSync(join(root, target))) return false
  return heading === undefined || headingsOf(target).includes(heading)
}

function targetOf(document: string, link: string): string {
  const [path = ''] = link.split('#')
  return path === '' ? document : relative(root, join(root, dirname(document), decodeURI(path)))
}

/** The anchors that GitHub makes of a page's headings. */
function headingsOf(page: string): readonly string[] {
  return [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  )
}
