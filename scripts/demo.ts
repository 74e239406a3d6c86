/**
 * A small Django shop, migrated, filled, served and changed over HTTP, on disk and in RAM; then a crash.
 * Shows the time of each step, and that no row was lost. Status 1 when one was.
 */
import { accessSync, constants } from 'node:fs'
import process from 'node:process'
import { createDjangoProject } from '../test/support/django.ts'
import { createFolder, createFolderOnDisk, isInRam } from '../test/support/django/disk-folder.ts'
import { conclude } from './demo/conclusion.ts'
import { crashAndRecover } from './demo/crash.ts'
import { measureFsync } from './demo/measure-fsync.ts'
import { renderTable } from './demo/report.ts'
import { serveFromRam } from './demo/serve-from-ram.ts'
import { DELIVERY, ORDERS, walk } from './demo/walk.ts'

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

const cleanUp = new AsyncDisposableStack()
let interrupted = false
for (const [signal, number] of Object.entries(SIGNALS)) {
  process.once(signal, () => {
    interrupted = true
    void cleanUp.disposeAsync().finally(() => process.exit(128 + number))
  })
}

try {
  await demo()
} catch (error) {
  if (!interrupted) {
    console.error(`\ndemo failed: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
} finally {
  await cleanUp.disposeAsync()
}

async function demo(): Promise<void> {
  const disk = createFolderOnDisk('devshm-demo-')
  // Once more at the very end: a copy that was still under way when it was removed may have written again.
  process.once('exit', () => disk[Symbol.dispose]())
  const ram = isUsable('/dev/shm') ? createFolder('/dev/shm', 'devshm-demo-') : undefined
  process.once('exit', () => ram?.[Symbol.dispose]())
  const env = ram === undefined ? {} : { DEVSHM_VOLUME: ram.path }

  const plain = cleanUp.use(await createDjangoProject({ parent: disk.path, env }))
  const routed = cleanUp.use(await createDjangoProject({ parent: disk.path, env }))
  const fsyncMs = measureFsync(disk.path)

  console.log(
    `A small Django shop (Django ${plain.djangoVersion}, ${ORDERS} orders over HTTP)\n\nOn disk, in ${disk.path}`,
  )
  const onDisk = await walk(plain, [])
  console.log('\nThe same in RAM')
  const inRam = await serveFromRam(routed, onDisk)
  console.log('\nAnd a crash')
  await crashAndRecover(routed)

  const steps = onDisk.steps.map(({ name, ms }, index) => {
    const { ms: inRamMs, devshm } = inRam.steps[index] ?? { ms: Number.NaN, devshm: Number.NaN }
    return { name, onDisk: ms, inRam: inRamMs, devshm }
  })
  const delivery = steps.find(({ name }) => name === DELIVERY)
  if (delivery === undefined) throw new Error(`there is no step named ${DELIVERY}`)
  console.log(`\n${renderTable(steps)}\n`)
  const otherSteps = steps.filter((step) => step !== delivery)
  console.log(conclude({ delivery, commits: inRam.received, otherSteps, fsyncMs }))
  console.log('\nEvery check passed: no row was lost.')
}

function isUsable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return isInRam(folder)
  } catch {
    return false
  }
}
