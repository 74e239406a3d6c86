import { join } from 'node:path'
import type { DjangoProject } from '../../test/support/django.ts'
import type { DjangoServer } from '../../test/support/django/server.ts'

/** What a second process finds in the database at the origin's path. */
export interface Contents {
  /** `ok`, or what SQLite's integrity_check found. */
  readonly integrity: string
  /** The references of all orders, as the database spells them. */
  readonly orders: readonly string[]
  /** Pieces in stock, of all products together. */
  readonly stock: number
  /** Of all tables together. */
  readonly rows: number
  /** A hash of the whole database as SQL: schema and every row. */
  readonly content: string
}

/** Open the origin in a new Python process that knows nothing of devshm nor Django. */
export async function lookInto(project: DjangoProject): Promise<Contents> {
  const look = join(import.meta.dirname, 'look.py')
  return JSON.parse((await project.run([project.python, look, project.database])).stdout) as Contents
}

/**
 * Order one piece of one product after the other over HTTP.
 *
 * @returns the references the shop answered with, as the database spells them
 * @throws when the shop refuses one
 */
export async function placeOrders(server: DjangoServer, count: number): Promise<string[]> {
  const { products } = (await server.get('/api/products/')).json() as { products: { sku: string }[] }
  const references: string[] = []
  for (let number = 0; number < count; number += 1) {
    const sku = products[number % products.length]?.sku ?? ''
    const answer = await server.post('/api/orders/', { email: 'ada@example.com', sku, quantity: '1' })
    if (answer.status !== 201) throw new Error(`order ${number + 1} was refused: ${answer.status} ${answer.text}`)
    references.push((answer.json() as { reference: string }).reference.replaceAll('-', ''))
  }
  return references
}
