import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '..')

interface Arrow {
  readonly from: string
  readonly to: string
}

/** Upper ones may import lower ones, and those on one line each other. */
const LAYERS = [
  ['src/cli/a.ts'],
  ['src/benchmark/a.ts'],
  ['src/doctor/a.ts', 'src/init/a.ts', 'src/testing/a.ts'],
  ['src/template/a.ts'],
  ['src/snapshot/a.ts'],
  ['src/session/a.ts'],
  ['src/project/a.ts', 'src/engine/a.ts', 'src/engine/sqlite/a.ts', 'src/volume/a.ts'],
  ['src/process/a.ts', 'src/process/deep/a.ts'],
  ['src/fs/a.ts'],
  ['src/errors.ts'],
]

test('an import against the arrows is refused, static or dynamic', () => {
  const upwards = LAYERS.flatMap((layer, depth) => arrows(layer, LAYERS.slice(0, depth).flat()))
  const engines = ['src/engine/a.ts', 'src/engine/sqlite/a.ts', 'src/engine/sqlite/deep/a.ts']
  const forbidden = [
    ...upwards,
    ...arrows(engines, ['src/project/a.ts', 'src/volume/a.ts']),
    ...arrows(engines.slice(1), ['src/engine/postgresql/a.ts']),
    ...arrows(['src/index.ts'], ['src/cli/a.ts']),
  ]
  expect(refusedAmong(forbidden)).toEqual(forbidden.flatMap(bothWays).toSorted())
})

test('an import along the arrows is not', () => {
  const downwards = LAYERS.flatMap((layer, depth) => arrows(layer, LAYERS.slice(depth + 1).flat()))
  const withinEngines = arrows(['src/engine/sqlite/a.ts', 'src/engine/sqlite/deep/a.ts'], ['src/engine/a.ts'])
  const api = arrows(['src/index.ts'], ['src/session/a.ts', 'src/errors.ts'])
  expect(refusedAmong([...downwards, ...withinEngines, ...api])).toEqual([])
})

test('only the engine uses node:sqlite', () => {
  const sources = globSync('src/**/*.ts', { cwd: root, exclude: ['src/**/*{.test,.fixture,.driver,-for-tests}.ts'] })
  const users = sources.filter((path) => readFileSync(join(root, path), 'utf8').includes("'node:sqlite'"))
  expect(users.filter((path) => !path.startsWith('src/engine/sqlite/'))).toEqual([])
})

/** What tests and apps are given is theirs: their own connection, in which a schema's functions work. */
const OPENING = ['src/engine/sqlite/connection.ts', 'src/engine/sqlite/for-tests.ts']

test('databases are opened in one place', () => {
  const sources = globSync('src/**/*.ts', {
    cwd: root,
    exclude: ['src/**/*{.test,.fixture,.driver,project-for-tests}.ts'],
  })
  const opening = sources.filter((path) => /new Database(?:Class|Sync)?\b/.test(readFileSync(join(root, path), 'utf8')))
  expect(opening.toSorted()).toEqual(OPENING)
  const text = readFileSync(join(root, OPENING[0] ?? ''), 'utf8')
  expect(text.match(/new Database/g)).toHaveLength(1)
  expect(text).toContain('{ ...UNTRUSTING, readOnly:')
  expect(text).toContain('defensive: true, allowExtension: false, limits: LIMITS')
})

function arrows(all: readonly string[], others: readonly string[]): readonly Arrow[] {
  return all.flatMap((from) => others.map((to) => ({ from, to })))
}

function bothWays({ from, to }: Arrow): readonly string[] {
  return [`${from}: import '${pathTo(from, to)}'`, `${from}: void import('${pathTo(from, to)}')`]
}

function pathTo(from: string, to: string): string {
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

/** Which of these imports our configuration refuses, in a tree of nothing else. */
function refusedAmong(imports: readonly Arrow[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-arrows-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8').replace('"typeAware": true', '"typeAware": false')
  writeFileSync(join(folder, '.oxlintrc.json'), config)
  const files = Map.groupBy(imports.flatMap(bothWays), (line) => line.slice(0, line.indexOf(':')))
  for (const [file, lines] of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), lines.map((line) => line.slice(file.length + 2)).join('\n'))
  }
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'unix'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const refusals = stdout.matchAll(/^(?:.*\/)?(src\/[^:]+):(\d+):.*\(no-restricted-imports\)/gm)
  return [...refusals].map(([, file = '', line]) => files.get(file)?.[Number(line) - 1] ?? file).toSorted()
}
