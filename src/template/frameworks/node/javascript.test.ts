import { expect, test } from 'vitest'
import { fileList } from '../shared/file-list.ts'
import { projectOf } from '../shared/project-for-tests.ts'
import { trace, type Traced } from '../shared/trace.ts'
import { javascript } from './javascript.ts'

function traced(files: Record<string, string>, entry: string): Traced {
  const project = projectOf(files)
  return trace(project, javascript(fileList(project.files), ''), [entry])
}

test('every way to import a file of the project is followed, and so is what that imports', () => {
  const entry = `import a from './a.js'
    export * from "./b"
    const c = require('./c')
    const d = await import(\`./d.mjs\`)
    import type { E } from './types'
    import { knex } from 'knex'
    import f from '@/f'
    /* it's */ require('./g')`
  const empty = ['b.tsx', 'c/index.cjs', 'd.mjs', 'types.ts', 'src/f.ts', 'g.json', 'h.cts', 'other.js']
  const files = {
    'main.ts': entry,
    'a.ts': `require('./h.cjs')`,
    ...Object.fromEntries(empty.map((path) => [path, ''])),
  }
  expect(traced(files, 'main.ts').files).toEqual([
    'a.ts',
    'b.tsx',
    'c/index.cjs',
    'd.mjs',
    'g.json',
    'h.cts',
    'main.ts',
    'src/f.ts',
    'types.ts',
  ])
})

test('a circle ends', () => {
  expect(traced({ 'a.js': `require('./b')`, 'b.js': `require('./a')` }, 'b.js').files).toEqual(['a.js', 'b.js'])
})

test('files that are read by a literal path count, and folders that are listed', () => {
  const entry = `fs.readFileSync(path.join(__dirname, '..', 'data', 'a.csv'))
    new URL('./b.sql', import.meta.url)
    for (const name of fs.readdirSync(path.join(__dirname, 'parts'))) use(name)
    import(\`./locales/\${language}.js\`)`
  const others = ['data/a.csv', 'data/z.csv', 'db/b.sql', 'db/parts/1.json', 'db/parts/x/2.json', 'db/locales/de.js']
  const files = { 'db/seed.mjs': entry, ...Object.fromEntries(others.map((path) => [path, ''])) }
  expect(traced(files, 'db/seed.mjs').files).toEqual(
    [...others.filter((path) => path !== 'data/z.csv'), 'db/seed.mjs'].toSorted(),
  )
})

test('a module that lists its own folder depends on all that is in it', () => {
  const files = {
    'models/index.js': 'fs.readdirSync(__dirname)',
    'models/a.js': '',
    'models/b/c.js': '',
    'other.js': '',
  }
  expect(traced(files, 'models/index.js').files).toEqual(['models/a.js', 'models/b/c.js', 'models/index.js'])
})

test('databases and logs that a file names are not what it depends on', () => {
  expect(traced({ 'a.js': `'./test.sqlite3', './x.db'`, 'test.sqlite3': '', 'x.db': '' }, 'a.js').files).toEqual([
    'a.js',
  ])
})

test('variables of the environment are found however they are read', () => {
  const code = `process.env.A; process.env['B']; const { C, D: d = 'x' } = process.env; env('E'); env.int("F")`
  expect(traced({ 'a.js': code }, 'a.js').variables).toEqual(['A', 'B', 'C', 'D', 'E', 'F'])
})
