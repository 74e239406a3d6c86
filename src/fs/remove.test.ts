import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lookAt } from './look.ts'
import { removeFile } from './remove.ts'

test('a file goes, of a link only the link, and what is not there is fine', async () => {
  const folder = newFolder()
  const [file, link, target] = ['file', 'link', 'target'].map((name) => join(folder, name)) as [string, string, string]
  writeFileSync(file, '')
  writeFileSync(target, '')
  symlinkSync(target, link)
  for (const path of [file, link, join(folder, 'nothing'), join(file, 'below')]) await removeFile(path)
  expect([file, link, target].map((path) => lookAt(path) !== undefined)).toEqual([false, false, true])
})

test('two that remove the same at once are both content', async () => {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  await Promise.all([removeFile(file), removeFile(file), removeFile(file)])
  expect(lookAt(file)).toBeUndefined()
})

test('a folder is refused', async () => {
  const folder = newFolder()
  await expect(removeFile(folder)).rejects.toThrow(/EISDIR|EPERM/)
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-remove-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
