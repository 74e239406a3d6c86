import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { GENERATOR, renderPage } from './page.ts'
import { REPORT } from './report.fixture.ts'

const CHROMIUM = '/usr/bin/chromium'
const WITHOUT_END = new Set(['meta', '!doctype'])

/** The tags of a page in order, as the HTML standard takes them apart: what is in a script or a style holds none. */
function tagsOf(page: string): string[] {
  const markup = page.replaceAll(/(<(script|style)\b[^>]*>)[\s\S]*?<\/\2>/gi, '$1</$2>')
  return [...markup.matchAll(/<(\/?[!a-z][\w]*)[^>]*>/gi)].map(([, name = '']) => name.toLowerCase())
}

test('every element ends, in its place, and none comes from a name in the project', () => {
  const open: string[] = []
  const tags = tagsOf(renderPage(REPORT))
  for (const tag of tags) {
    if (!tag.startsWith('/')) open.push(...(WITHOUT_END.has(tag) ? [] : [tag]))
    else expect(tag).toBe(`/${open.pop()}`)
  }
  expect(open).toEqual([])
  expect(tags).not.toContain('img')
  expect(tags.filter((tag) => tag === 'script')).toHaveLength(3)
  // Rows are there as text for whoever lets no scripts run.
  expect(tags.filter((tag) => tag === 'tr')).toHaveLength(4)
})

test('it loads nothing, and says so to the browser', () => {
  const page = renderPage(REPORT)
  const markup = page.replaceAll(/<script\b[^>]*>[\s\S]*?<\/script>/gi, '').replaceAll('&#39;', "'")
  expect(markup).not.toMatch(/<[^>]*\s(?:src|href|srcset|data|action)=|@import|url\(|https?:/i)
  expect(page).not.toMatch(/sourceMappingURL/)
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`)
  expect(page.slice(0, 1024)).toContain(GENERATOR)
})

test.skipIf(!existsSync(CHROMIUM))(
  'a browser draws a bar a row, as long as its time, and runs nothing else (needs chromium)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'devshm-page-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
    writeFileSync(join(folder, 'page.html'), renderPage(REPORT))
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
    const more = [
      '--disable-background-networking',
      '--disable-component-update',
      `--user-data-dir=${join(folder, 'profile')}`,
    ]
    const argv = [...flags, ...more, '--dump-dom', `file://${join(folder, 'page.html')}`]
    const dom = execFileSync(CHROMIUM, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 })
    expect(dom).not.toContain('<title>owned')
    const bars = [...dom.matchAll(/<line[^>]*class="ct-bar of-(\w+)"[^>]*>/g)].map(([line, medium = '']) => {
      const [x1, x2, y] = ['x1', 'x2', 'y1'].map((name) => Number(new RegExp(` ${name}="([\\d.]+)"`).exec(line)?.[1]))
      return { medium, length: (x2 ?? 0) - (x1 ?? 0), y: y ?? 0 }
    })
    const fromTheTop = bars.toSorted((a, b) => a.y - b.y)
    expect(fromTheTop.map(({ medium }) => medium)).toEqual(['disk', 'ram', 'wal'])
    expect(bars.toSorted((a, b) => b.length - a.length).map(({ medium }) => medium)).toEqual(['disk', 'ram', 'wal'])
    expect(dom).toContain('a request, on disk</tspan>')
  },
)
