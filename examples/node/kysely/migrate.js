import { promises as fs } from 'node:fs'
import path from 'node:path'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { openDatabase } from './lib/database.js'

const db = openDatabase(process.env.SHOP_DATABASE ?? 'dev.sqlite3')
const migrationFolder = path.join(import.meta.dirname, 'migrations')
const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) })
const { error } = await migrator.migrateToLatest()
await db.destroy()
if (error !== undefined) throw error
