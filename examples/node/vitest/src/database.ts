import SQLite from 'better-sqlite3'
import { type Generated, Kysely, SqliteDialect } from 'kysely'

export interface Shop {
  product: { id: Generated<number>; name: string; stock: number }
  order: { id: Generated<number>; product_id: number; quantity: number }
}

export function openShop(path: string): Kysely<Shop> {
  return new Kysely<Shop>({ dialect: new SqliteDialect({ database: new SQLite(path) }) })
}

export function pathFromEnvironment(): string {
  return process.env['SHOP_DATABASE'] ?? 'shop.sqlite3'
}
