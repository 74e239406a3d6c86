import { expect, test } from 'vitest'
import type { Framework } from '../framework.ts'
import { findSequelize } from './sequelize.ts'
import { projectOf } from './shared/project-for-tests.ts'

const manifest = JSON.stringify({ dependencies: { sequelize: '6' }, devDependencies: { 'sequelize-cli': '6' } })
const CONFIG = `{ "development": { "dialect": "sqlite" } }`

async function find(files: Record<string, string>): Promise<Framework | undefined> {
  return await findSequelize(projectOf({ 'package.json': manifest, ...files }))
}

test('.sequelizerc says where everything is', async () => {
  const found = await find({
    '.sequelizerc': `const path = require('path')
      module.exports = {
        'config': path.resolve('src', 'db', 'settings.js'),
        'migrations-path': path.resolve(__dirname, 'src/db/changes'),
        'seeders-path': 'src/db/seeds',
      }`,
    'src/db/settings.js': `module.exports = { dialect: 'sqlite' }`,
    'src/db/changes/1-a.js': `require('../models')`,
    'src/db/models/index.js': 'fs.readdirSync(__dirname)',
    'src/db/models/user.js': '',
    'src/db/seeds/1-b.js': '',
    'migrations/9-z.js': '',
  })
  expect(found?.inputs.map(({ path, role }) => `${path} ${role}`).toSorted()).toEqual([
    '.sequelizerc fixed',
    'src/db/changes/1-a.js ordered',
    'src/db/models/index.js fixed',
    'src/db/models/user.js fixed',
    'src/db/settings.js fixed',
  ])
  expect(found?.steps[1]?.inputs).toEqual(['src/db/seeds/1-b.js'])
})

test('without it, the folders are the usual ones; without migrations or SQLite it is none of ours', async () => {
  expect((await find({ 'config/config.json': CONFIG, 'migrations/1-a.js': '' }))?.name).toBe('sequelize')
  expect(await find({ 'config/config.json': CONFIG })).toBeUndefined()
  expect(await find({ 'config/config.json': '{ "dialect": "mysql" }', 'migrations/1-a.js': '' })).toBeUndefined()
})

test('a script that migrates is taken for its flags, and one that undoes it is not', async () => {
  const scripts = { undo: 'sequelize db:migrate:undo', up: 'sequelize db:migrate --debug' }
  const found = await find({
    'package.json': JSON.stringify({ scripts, dependencies: { sequelize: '6' } }),
    'config/config.json': CONFIG,
    'migrations/1-a.js': '',
  })
  expect(found?.steps[0]?.run).toBe('PATH="$PWD/node_modules/.bin:$PATH" sequelize db:migrate --debug')
})
