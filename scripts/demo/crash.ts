import { lstatSync } from 'node:fs'
import type { DjangoProject } from '../../test/support/django.ts'
import { check } from './check.ts'
import { DEVSHM, devshmLines, IN_RAM } from './devshm.ts'
import { lookInto, placeOrders } from './shop.ts'
import { say } from './walk.ts'

const ORDERS = 50

/** Kill devshm and the server without warning while the newest orders are only in RAM, and bring them back. */
export async function crashAndRecover(project: DjangoProject): Promise<void> {
  const server = await project.startServer({ prefix: IN_RAM })
  const start = performance.now()
  const placed = await placeOrders(server, ORDERS)
  say(`  ${ORDERS} more orders over HTTP`, performance.now() - start)
  const before = await lookInto(project)

  await server.crash()
  console.log('  $ kill -9 (devshm and the server)')

  const { stderr, stdout, ms } = await project.run([...DEVSHM, 'detach'])
  say('$ devshm detach', ms, `${stderr}\n${stdout}`)
  const after = await lookInto(project)
  const missing = placed.filter((reference) => !after.orders.includes(reference))

  console.log()
  check(
    lstatSync(project.database).isFile() && after.integrity === 'ok',
    'after kill -9, `devshm detach` made db.sqlite3 a regular file, integrity ok',
    `integrity_check: ${after.integrity}; devshm said: ${devshmLines(stderr).join(' ')}`,
  )
  check(missing.length === 0, `all ${ORDERS} orders that were only in RAM are in it`, `${missing.length} are missing`)
  check(after.content === before.content, `every one of its ${after.rows} rows is as before the crash`, 'they differ')
}
