import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import { createDjangoProject, type DjangoProject, type ServerOptions } from '../../support/django.ts'
import type { DjangoServer } from '../../support/django/server.ts'
import { DEVSHM, endHolders, run, runSql, type Outcome } from '../../support/playground.ts'

/** A Django shop with a volume of its own. Everything that was started ends with the test, also when it times out. */
export interface Shop extends DjangoProject {
  readonly volume: string
  readonly env: NodeJS.ProcessEnv
  devshm(...args: string[]): Promise<Outcome>
  /** Start `manage.py runserver` as `devshm run -- …`. */
  serveInRam(options?: Pick<ServerOptions, 'reload'>): Promise<DjangoServer>
  /** The references of all orders in a database, the one at the origin by default. */
  orders(path?: string): Set<string>
}

/** The shop without a database, as it is after `git clone`. */
export async function emptyShop(): Promise<Shop> {
  const volume = mkdtempSync('/dev/shm/devshm-test-')
  onTestFinished(async () => {
    await endHolders(volume)
    rmSync(volume, { recursive: true, force: true })
  })
  const env = { ...process.env, DEVSHM_VOLUME: volume, LC_ALL: 'C.UTF-8' }
  const project = await createDjangoProject({ env })
  onTestFinished(() => project[Symbol.asyncDispose]())
  const [node, ...main] = DEVSHM
  return {
    ...project,
    volume,
    env,
    devshm: (...args) => run(node, [...main, ...args], { cwd: project.folder, env }),
    serveInRam: (options) => project.startServer({ ...options, prefix: [...DEVSHM, 'run', '--'] }),
    orders: (path = project.database) =>
      new Set(runSql(path, 'select reference from orders_order').map(({ reference }) => String(reference))),
  }
}

let filled: Promise<Buffer> | undefined

/** The shop migrated and with its goods, on disk. */
export async function filledShop(): Promise<Shop> {
  const shop = await emptyShop()
  writeFileSync(shop.database, await (filled ??= fill()))
  return shop
}

async function fill(): Promise<Buffer> {
  await using project = await createDjangoProject()
  await project.manage('migrate')
  await project.manage('loaddata', 'demo')
  return readFileSync(project.database)
}

/** What must hold of any copy of the shop's database: it is sound, and what was sold is what left the shelves. */
export function soundness(path: string): Record<string, unknown> {
  using connection = new DatabaseSync(path, { timeout: 5000 })
  // Django's, for the check constraints.
  connection.function('regexp', (pattern, text) => Number(new RegExp(String(pattern)).test(String(text))))
  const pieces = `select (select sum(stock) from catalog_product) +
    (select ifnull(sum(quantity), 0) from orders_orderline) as pieces`
  return { ...connection.prepare('pragma integrity_check').get(), ...connection.prepare(pieces).get() }
}
