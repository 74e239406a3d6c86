import { mkdirSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { createTestProject, type TestProject } from '../project/project-for-tests.ts'
import { propose } from './propose.ts'
import type { Proposal } from './proposal.ts'

export type Files = Readonly<Record<string, string>>

/** A project of these files in a folder `shop`, with a cache beside it. */
export function projectOf(files: Files, databases: readonly string[] = []): TestProject {
  const project = createTestProject()
  onTestFinished(() => project[Symbol.dispose]())
  mkdirSync(project.at('shop'))
  for (const [path, text] of Object.entries({ 'package.json': '{}', ...files })) project.write(`shop/${path}`, text)
  for (const path of databases) project.database(`shop/${path}`)
  return project
}

export async function proposeIn(project: TestProject, folder = 'shop', db: string[] = [], env = {}): Promise<Proposal> {
  const all = { PATH: '/usr/bin', DEVSHM_CACHE: project.at('cache'), ...env }
  return await propose({ cwd: project.at(folder), env: all, db })
}

export async function found(files: Files, databases?: readonly string[]): Promise<Partial<Proposal>> {
  const { framework, isPreset, databases: named, env, setup } = await proposeIn(projectOf(files, databases))
  return { framework, isPreset, databases: named, setup, ...(env === undefined ? {} : { env }) }
}

export function manifest(...dependencies: string[]): Files {
  const versions = Object.fromEntries(dependencies.map((name) => [name, '*']))
  return { 'package.json': JSON.stringify({ dependencies: versions }) }
}

export const DEV = { dev: { path: 'dev.sqlite3' } }
export const pending: { readonly inputs: string[]; readonly incremental: true } = { inputs: [], incremental: true }

export const DJANGO: Files = {
  'package.json': '{}',
  'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')",
  'shop/__init__.py': '',
  'shop/settings.py': "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}",
}
export const KNEX: Files = {
  ...manifest('knex'),
  'knexfile.js': "module.exports = { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' } }",
  'migrations/20260101090000_products.js': '',
}
export const DRIZZLE: Files = {
  ...manifest('drizzle-kit'),
  'drizzle.config.ts': "export default { dialect: 'sqlite', dbCredentials: { url: 'file:./dev.sqlite3' } }",
  'drizzle/0000_products.sql': '',
}
