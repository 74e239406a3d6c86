import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFolderOnDisk } from '../../../../test/support/django/disk-folder.ts'
import { shortHash } from '../../../fs/short-hash.ts'
import type { Project } from '../../framework.ts'
import { openFileFacts } from '../../inputs/open-file-facts.ts'
import type { Analysis } from './analysis.ts'
import { rememberedAnalysis } from './remembered-analysis.ts'

/** Asks for an analysis of `a.py` that finds its text and whether there is a `b.py`, and counts how often it is made. */
function createAnalyst(root: string): {
  ask(question?: readonly unknown[], meanwhile?: () => void): string[]
  made(): number
} {
  const env = { DEVSHM_CACHE: join(root, 'cache') }
  mkdirSync(join(root, 'cache/facts'), { recursive: true, mode: 0o700 })
  let times = 0
  const analyse = ({ facts }: Project, meanwhile: () => void): Analysis => {
    times += 1
    const told = facts.derived('a.py', 'test', (content) => [content]) ?? []
    meanwhile()
    return { inputs: [], variables: [...told, String(facts.hashOf('b.py') !== undefined)], engines: [] }
  }
  return {
    made: () => times,
    ask: (question = [], meanwhile = () => undefined) => {
      const facts = openFileFacts(root, join(root, 'cache/facts'))
      const project: Project = { root, env, databases: [], files: ['a.py'], facts }
      return [...rememberedAnalysis(project, question, (each) => analyse(each, meanwhile)).variables]
    },
  }
}

test('it is made once, and again when a file that it looked at changes, or comes to be, or something else is asked', () => {
  using folder = createFolderOnDisk('remembered-')
  const analyst = createAnalyst(folder.path)
  writeFileSync(join(folder.path, 'a.py'), 'one')
  expect([analyst.ask(), analyst.ask(), analyst.made()]).toEqual([['one', 'false'], ['one', 'false'], 1])
  writeFileSync(join(folder.path, 'a.py'), 'two')
  expect([analyst.ask(), analyst.made()]).toEqual([['two', 'false'], 2])
  writeFileSync(join(folder.path, 'b.py'), '')
  expect([analyst.ask(), analyst.made()]).toEqual([['two', 'true'], 3])
  expect([analyst.ask(['other']), analyst.made()]).toEqual([['two', 'true'], 4])
  writeFileSync(join(folder.path, 'c.py'), 'not looked at')
  expect([analyst.ask(['other']), analyst.made()]).toEqual([['two', 'true'], 4])
})

test('what was found while a file changed is not kept', () => {
  using folder = createFolderOnDisk('remembered-')
  const analyst = createAnalyst(folder.path)
  writeFileSync(join(folder.path, 'a.py'), 'before')
  analyst.ask([], () => {
    writeFileSync(join(folder.path, 'a.py'), 'after')
  })
  expect(analyst.ask()).toEqual(['after', 'false'])
})

test('what is damaged is found anew', () => {
  using folder = createFolderOnDisk('remembered-')
  const analyst = createAnalyst(folder.path)
  writeFileSync(join(folder.path, 'a.py'), 'one')
  analyst.ask()
  const memory = join(folder.path, 'cache/facts', `${shortHash(folder.path)}.django.json`)
  for (const damage of [readFileSync(memory, 'utf8').slice(0, -9), 'null', '7']) {
    writeFileSync(memory, damage)
    expect(analyst.ask()).toEqual(['one', 'false'])
  }
  expect(analyst.made()).toBe(4)
})
