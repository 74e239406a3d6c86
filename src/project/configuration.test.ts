import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DevshmError, UsageError } from '../errors.ts'
import { loadConfiguration } from './configuration.ts'
import { createTestProject } from './project-for-tests.ts'

async function mistakeIn(text: string, file = 'devshm.config.json'): Promise<{ message: string; error: DevshmError }> {
  using project = createTestProject({ [file]: text })
  const error: unknown = await loadConfiguration(project.path).catch((thrown: unknown) => thrown)
  if (!(error instanceof DevshmError)) throw new Error(`expected a DevshmError, got ${String(error)}`)
  expect(error.code).toBe('CONFIGURATION')
  expect(error.hint).toBeTruthy()
  return { message: error.message.replace(`${project.path}/`, ''), error }
}

test('every setting is read, with comments and trailing commas', async () => {
  using project = createTestProject({
    'devshm.config.json': `\uFEFF// ours
      {
        "$schema": "./schema.json", "databases": { "main-1": { "path": "data/app.db", }, }, /* RAM */ "volume": "/mnt/ram",
        "saveEvery": 0.5, "journal": "wal", "requireRam": true,
      }`,
  })
  expect(await loadConfiguration(project.path)).toEqual({
    $schema: './schema.json',
    databases: { 'main-1': { path: 'data/app.db' } },
    volume: '/mnt/ram',
    saveEvery: 0.5,
    journal: 'wal',
    requireRam: true,
  })
})

test('the key in package.json is read', async () => {
  using project = createTestProject({
    'package.json': '{"name": "devshm", "files": [1], "devshm": {"saveEvery": "off"}}',
  })
  expect(await loadConfiguration(project.path)).toEqual({ saveEvery: 'off' })
})

test('without a configuration it is empty', async () => {
  using project = createTestProject({ 'package.json': '{"name": "devshm"}' })
  expect(await loadConfiguration(project.path)).toEqual({})
})

test('two configurations are refused, naming both', async () => {
  using project = createTestProject({ 'devshm.config.json': '{}', 'package.json': '{"devshm": {}}' })
  const error: unknown = await loadConfiguration(project.path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  expect(error).toHaveProperty(
    'message',
    `devshm is configured twice: in ${project.at('devshm.config.json')} and by the key "devshm" in ${project.at('package.json')}`,
  )
})

const DATABASES = 'an object with at least one database by name, such as {"main": {"path": "db.sqlite3"}}'
const INTERVAL = 'a number of seconds above 0 and at most 86400, or "off"'

test.each([
  ['{\n  "saveEvry": 1\n}', '2:3: unknown key "saveEvry", the nearest known one is "saveEvery"'],
  ['{"databases": {"main": {"pth": "x", "path": "y"}}}', '1:25: unknown key "pth", the nearest known one is "path"'],
  ['{"volume": "ram", "zzz": 1}', '1:12: volume is "ram", expected an absolute path, as a string that begins with "/"'],
  ['{"saveEvery": 0}', `1:15: saveEvery is 0, expected ${INTERVAL}`],
  ['{"saveEvery": 1e999}', `1:15: saveEvery is 1e999, expected ${INTERVAL}`],
  ['{"saveEvery": "never"}', `1:15: saveEvery is "never", expected ${INTERVAL}`],
  ['{"saveEvery": null}', `1:15: saveEvery is null, expected ${INTERVAL}`],
  ['{"journal": "WAL"}', '1:13: journal is "WAL", expected "keep" or "wal"'],
  ['{"requireRam": "yes"}', '1:16: requireRam is "yes", expected true or false'],
  ['{"$schema": 1}', '1:13: $schema is 1, expected a string'],
  ['{"databases": {}}', `1:15: databases is {}, expected ${DATABASES}`],
  ['{"databases": []}', `1:15: databases is [], expected ${DATABASES}`],
  ['{"databases": {"a": "x.db"}}', '1:21: databases.a is "x.db", expected an object with the key "path"'],
  ['{"databases": {"a": {}}}', '1:21: databases.a has no "path"'],
  [
    '{"databases": {"a": {"path": ""}}}',
    '1:30: databases.a.path is "", expected the path of a database file, as a string',
  ],
  ['{"databases": {"a b": {"path": "x"}}}', '1:16: "a b" is not a name of letters, digits, "-" and "_"'],
  ['{"databases": {"constructor": {"path": "x"}}}', '1:16: "constructor" cannot be a name'],
  ['{"__proto__": {"volume": "/x"}}', '1:2: "__proto__" cannot be a name'],
  ['{\n"journal": "wal",\r\n"journal": "keep"}', '3:1: the key "journal" is there twice, first in line 2'],
  ['{"setup": []}', '1:11: setup is [], expected a list of steps, such as [{"run": "python manage.py migrate"}]'],
  ['{"setup": [{"run": "x"}, {}]}', '1:26: setup.1 has no "run"'],
  ['{"setup": [{"run": " "}]}', '1:20: setup.0.run is " ", expected a command line, as a string'],
  ['{"setup": [{"run": "x", "input": []}]}', '1:25: unknown key "input", the nearest known one is "inputs"'],
  [
    '{"setup": [{"run": "x", "inputs": ["a", ""]}]}',
    '1:41: setup.0.inputs.1 is "", expected a glob such as "**/migrations/*.py", as a string',
  ],
  [
    '{"setup": [{"run": "x", "variables": ["A=1"]}]}',
    '1:39: setup.0.variables.0 is "A=1", expected the name of an environment variable',
  ],
  [
    '{"env": {"DB": 1}}',
    '1:16: env.DB is 1, expected a string, in which {path} stands for the path of the private database',
  ],
  ['{"env": {"D B": ""}}', '1:10: "D B" is not the name of an environment variable'],
  ['{"keepSnapshots": 0}', '1:19: keepSnapshots is 0, expected a whole number, 1 or more'],
  ['{"keepSnapshots": 1.5}', '1:19: keepSnapshots is 1.5, expected a whole number, 1 or more'],
  ['{"snapshotBudget": "1"}', '1:20: snapshotBudget is "1", expected a number of megabytes above 0'],
  ['[]', '1:1: the file is [], expected an object with settings'],
  [`{"journal": "${'x'.repeat(99)}"}`, `1:13: journal is "${'x'.repeat(58)}…, expected "keep" or "wal"`],
  ['', '1:1: value expected'],
  ['{"journal" "wal"}', '1:12: colon expected'],
  ['{"journal": "wal"', '1:18: close brace expected'],
  ['{\n  journal: "wal"}', '2:3: invalid symbol'],
  ['{"volume": '.repeat(60_000), '1:1: nested too deeply'],
])('%s', async (text, message) => {
  expect((await mistakeIn(text)).message).toBe(`devshm.config.json:${message}`)
})

test('a mistake under the key in package.json is placed in that file', async () => {
  const { message, error } = await mistakeIn('{\n "devshm": {"journl": "wal"}\n}', 'package.json')
  expect(message).toBe('package.json:2:13: unknown key "journl", the nearest known one is "journal"')
  expect(error.hint).toBe(
    'the keys here are "$schema", "databases", "volume", "saveEvery", "journal", "requireRam", "keepSnapshots", "snapshotBudget", "cloneBudget", "setup", "env"',
  )
  expect(error.details).toMatchObject({ line: 2, column: 13 })
})

test.each([
  [
    '{"devshm": {"volume": 1}}',
    '1:23: devshm.volume is 1, expected an absolute path, as a string that begins with "/"',
  ],
  ['{"devshm": [], "x": 1}', '1:12: devshm is [], expected an object with settings'],
  ['{"devshm": {}, "devshm": {}}', '1:16: the key "devshm" is there twice, first in line 1'],
  ['{"devshm": {}', '1:14: close brace expected'],
])('package.json: %s', async (text, message) => {
  expect((await mistakeIn(text, 'package.json')).message).toBe(`package.json:${message}`)
})

test('a file that is too large is refused', async () => {
  const { message } = await mistakeIn(' '.repeat(1_000_001))
  expect(message).toBe('devshm.config.json has 1000001 bytes, a configuration may have 1000000')
})

test('a file that is no text is refused, and so is a folder', async () => {
  using project = createTestProject()
  project.folder('devshm.config.json')
  await expect(loadConfiguration(project.path)).rejects.toThrow(
    `cannot read the configuration ${project.at('devshm.config.json')}: EISDIR: illegal operation on a directory, read`,
  )
  using other = createTestProject()
  writeFileSync(other.at('devshm.config.json'), Buffer.from([0x7b, 0xff]))
  await expect(loadConfiguration(other.path)).rejects.toThrow('it is not UTF-8 text')
})

test('parser and validator are loaded only when there is a configuration file', () => {
  using project = createTestProject()
  const script = `
    import { writeFileSync } from 'node:fs'
    import { registerHooks } from 'node:module'
    import { loadConfiguration } from ${JSON.stringify(join(import.meta.dirname, 'configuration.ts'))}
    const [folder, file] = process.argv.slice(1)
    await loadConfiguration(folder)
    // A module that was loaded before would not be resolved again.
    registerHooks({ resolve: (name, context, next) => (console.log(name), next(name, context)) })
    writeFileSync(file, '{}')
    await loadConfiguration(folder)`
  const file = project.at('devshm.config.json')
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', script, project.path, file], {
    encoding: 'utf8',
  })
  expect(loaded.split('\n')).toEqual(expect.arrayContaining(['jsonc-parser', 'valibot', 'fastest-levenshtein']))
})
