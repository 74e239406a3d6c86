import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { projectOf } from '../shared/project-for-tests.ts'
import { packagesWith } from './node-package.ts'
import { toolCommand } from './tool-command.ts'

interface Case {
  readonly scripts?: Record<string, string>
  readonly installed?: readonly string[]
  readonly folder?: string
  readonly files?: Record<string, string>
}

function commandFor({ scripts = {}, installed = ['node_modules/.bin/knex'], folder = '', files = {} }: Case): string {
  const manifest = JSON.stringify({ scripts, devDependencies: { knex: '3' } })
  const project = projectOf({ [join(folder, 'package.json')]: manifest, ...files })
  for (const path of installed) {
    mkdirSync(dirname(join(project.root, path)), { recursive: true })
    writeFileSync(join(project.root, path), '')
  }
  const [from] = packagesWith(project, ['knex'])
  return from === undefined ? '' : toolCommand(from, 'knex', 'migrate:latest', /\bknex\b.*\bmigrate:latest\b/)
}

test('the tool is started from node_modules/.bin, without npm', () => {
  expect(commandFor({})).toBe('node_modules/.bin/knex migrate:latest')
})

test('a script that does just this has its flags taken over, and its variables', () => {
  const flags = 'migrate:latest --knexfile db/knexfile.ts'
  expect(commandFor({ scripts: { m: `knex ${flags}` } })).toBe(`node_modules/.bin/knex ${flags}`)
  expect(commandFor({ scripts: { m: `cross-env A=1 knex ${flags}` } })).toBe(
    `PATH="$PWD/node_modules/.bin:$PATH" cross-env A=1 knex ${flags}`,
  )
})

test('a script that does more, or is for another place, is left alone', () => {
  for (const script of [
    'npm run build && knex migrate:latest',
    'knex migrate:latest --env production',
    'npx knex migrate:latest',
  ]) {
    expect(commandFor({ scripts: { m: script } })).toBe('node_modules/.bin/knex migrate:latest')
  }
})

test('in a workspace the tool may be installed further up, and the package may be further down', () => {
  expect(commandFor({ folder: 'apps/api' })).toBe('cd apps/api && ../../node_modules/.bin/knex migrate:latest')
  expect(commandFor({ folder: 'my app', installed: ['my app/node_modules/.bin/knex'] })).toBe(
    `cd 'my app' && node_modules/.bin/knex migrate:latest`,
  )
})

test('where it is not installed that way, the package manager is asked, and never the network', () => {
  expect(commandFor({ installed: [] })).toBe('npx --no-install knex migrate:latest')
  expect(commandFor({ installed: [], files: { '.pnp.cjs': '' } })).toBe('yarn knex migrate:latest')
})
