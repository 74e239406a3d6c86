import { onTestFinished } from 'vitest'
import type { Answer } from '../../support/django/http.ts'
import type { DjangoServer } from '../../support/django/server.ts'
import { eventually } from '../../support/playground.ts'

const SKUS = ['TEA', 'COF', 'SPI', 'HON'].flatMap((kind) =>
  ['0007', '0014', '0021', '0028'].map((no) => `${kind}-${no}`),
)

/** What SQLite says to an app that cannot have the database at this moment; Django makes a 500 of it. */
const CLEAN_REFUSAL = /database is locked|unable to open database file|attempt to write a readonly database/

/** People who look at the goods and order, one request after the other, until told to stop. */
export interface Customers {
  /** The references of the orders that were answered with 201, as the database writes them. */
  readonly placed: readonly string[]
  /** How often the shop said that its database was locked. */
  readonly refused: readonly string[]
  /** Any other answer. */
  readonly wrong: readonly string[]
  /** Wait until this many more orders are placed. */
  more(orders: number): Promise<void>
  /** Let the requests in flight be answered, and make no more. */
  stop(): Promise<void>
}

export function sendCustomers(server: DjangoServer, people = 2): Customers {
  const placed: string[] = []
  const refused: string[] = []
  const wrong: string[] = []
  let isOver = false

  const judge = ({ status, text }: Answer, expected: number): boolean => {
    if (status === expected) return true
    const problem = /<title>\s*(.*?)\s*<\/title>/s.exec(text)?.[1]?.replaceAll(/\s+/g, ' ') ?? text.slice(0, 300)
    const refusal = status === 500 ? CLEAN_REFUSAL.exec(text)?.[0] : undefined
    if (refusal === undefined) wrong.push(`${status}: ${problem}`)
    else refused.push(refusal)
    return false
  }
  const buy = async (person: number): Promise<void> => {
    for (let number = person; !isOver; number += people) {
      const order = { email: `person${person}@example.com`, sku: SKUS[number % SKUS.length] ?? '', quantity: '1' }
      const answer = await server.post('/api/orders/', order)
      if (judge(answer, 201)) placed.push(referenceIn(answer))
      if (number % 5 === 0) judge(await server.get('/api/products/'), 200)
    }
  }
  const everybody = Promise.all(
    Array.from({ length: people }, async (_, person) => {
      try {
        await buy(person)
      } catch (error) {
        // The server was stopped under a request: that is the test's own doing, and such an order was never answered.
        if (!isOver) wrong.push(String(error))
      }
    }),
  )
  const stop = async (): Promise<void> => {
    isOver = true
    await everybody
  }
  onTestFinished(() => {
    isOver = true
  })
  return {
    placed,
    refused,
    wrong,
    stop,
    more: async (orders) => {
      const goal = placed.length + orders
      await eventually(`${orders} more orders`, () => placed.length >= goal || wrong.length > 0)
    },
  }
}

function referenceIn(answer: Answer): string {
  const { reference } = answer.json() as { reference: string }
  return reference.replaceAll('-', '')
}
