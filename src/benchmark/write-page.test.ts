import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { renderPage } from './page.ts'
import { REPORT } from './report.fixture.ts'
import { requirePlaceForPage, writePage } from './write-page.ts'

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-write-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('a new page, an earlier one and an empty file are written without being asked', async () => {
  const path = join(createFolder(), 'page.html')
  requirePlaceForPage(path, { force: false })
  await writePage(path, renderPage(REPORT))
  requirePlaceForPage(path, { force: false })
  await writePage(path, 'newer')
  expect(readFileSync(path, 'utf8')).toBe('newer')
  writeFileSync(path, '')
  requirePlaceForPage(path, { force: false })
})

test('another file is replaced only by force, a database never', () => {
  const path = join(createFolder(), 'page.html')
  writeFileSync(path, '<h1>mine</h1>')
  expect(() => requirePlaceForPage(path, { force: false })).toThrow(UsageError)
  requirePlaceForPage(path, { force: true })
  writeFileSync(path, 'SQLite format 3\0and more')
  expect(() => requirePlaceForPage(path, { force: true })).toThrow('is a database')
})

test('a link stays one, and what it leads to is looked at and written', async () => {
  const folder = createFolder()
  const [link, target] = [join(folder, 'link.html'), join(folder, 'there', 'page.html')]
  mkdirSync(join(folder, 'there'))
  writeFileSync(target, 'mine')
  symlinkSync('there/page.html', link)
  expect(() => requirePlaceForPage(link, { force: false })).toThrow('is there already')
  await writePage(link, 'page')
  expect(readlinkSync(link)).toBe('there/page.html')
  expect(readFileSync(target, 'utf8')).toBe('page')
})
