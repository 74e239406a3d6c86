import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { products } from './schema.ts'

const database = drizzle(new Database(process.env.SHOP_DATABASE ?? 'dev.sqlite3'))

console.log(database.select().from(products).all())
