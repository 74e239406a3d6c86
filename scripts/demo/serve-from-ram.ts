import { lstatSync, realpathSync } from 'node:fs'
import process from 'node:process'
import type { DjangoProject } from '../../test/support/django.ts'
import { isInRam } from '../../test/support/django/disk-folder.ts'
import { check } from './check.ts'
import { devshmLines, IN_RAM } from './devshm.ts'
import { lookInto } from './shop.ts'
import { ORDERS, walk } from './walk.ts'
import type { Walk } from './walk.ts'

/** The whole walk in RAM, with proof that it was RAM, and that nothing of it was lost. */
export async function serveFromRam(project: DjangoProject, onDisk: Walk): Promise<Walk> {
  let live = ''
  const inRam = await walk(project, IN_RAM, () => {
    live = lstatSync(project.database).isSymbolicLink() ? realpathSync(project.database) : ''
    if (process.platform === 'linux' && live !== '' && !isInRam(live)) live = ''
  })
  const { placed, received, before, after } = inRam
  const now = await lookInto(project)
  const missing = placed.filter((reference) => !now.orders.includes(reference))
  const lastLine = devshmLines(inRam.output).at(-1) ?? 'nothing'

  console.log()
  check(live !== '', 'while it was served, db.sqlite3 was a link into RAM', `devshm said: ${lastLine}`)
  console.log(`      ${live}`)
  check(
    after.orders.length === before.orders.length + ORDERS && after.stock === before.stock - ORDERS + received,
    `a second process saw each of ${ORDERS} orders and ${received} pieces there`,
    `orders ${before.orders.length} -> ${after.orders.length}, stock ${before.stock} -> ${after.stock}`,
  )
  check(
    lastLine.startsWith('devshm: saved to db.sqlite3 ('),
    'Ctrl-C stopped it, and devshm saved',
    `it said: ${lastLine}`,
  )
  check(
    inRam.end.code === onDisk.end.code && inRam.end.signal === onDisk.end.signal,
    `its exit status is the server's own (${onDisk.end.code ?? onDisk.end.signal})`,
    `it is ${inRam.end.code ?? inRam.end.signal}`,
  )
  check(
    lstatSync(project.database).isFile() && now.integrity === 'ok',
    'db.sqlite3 is a regular file on disk again, integrity ok',
    now.integrity,
  )
  check(missing.length === 0, `all ${ORDERS} orders placed over HTTP are in it`, `${missing.length} are missing`)
  check(now.content === after.content, `every one of its ${now.rows} rows is as it was in RAM`, 'they differ')
  check(
    now.rows === onDisk.after.rows,
    'it has as many rows as its twin that never left the disk',
    `${onDisk.after.rows}`,
  )
  return inRam
}
