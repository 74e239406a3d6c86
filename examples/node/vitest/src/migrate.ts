import { promises as fs } from 'node:fs'
import path from 'node:path'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { openShop, pathFromEnvironment } from './database.ts'

const db = openShop(pathFromEnvironment())
const migrationFolder = path.join(import.meta.dirname, '../migrations')
const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) })
const { error } = await migrator.migrateToLatest()
await db.destroy()
if (error !== undefined) throw error
