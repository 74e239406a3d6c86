import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBundle } from '../../../bench/support/bundle.ts'
import { createPlace, type Place } from './place.ts'
import { buildShim } from './shim.ts'

/** devshm as it is published, and places to try it in. */
export async function createPlaces(count = 2): Promise<AsyncDisposable & { readonly places: readonly Place[] }> {
  await using cleanUp = new AsyncDisposableStack()
  const shim = cleanUp.use(await buildShim())
  const { devshm } = cleanUp.use(await buildBundle())
  const compiled = mkdtempSync(join(tmpdir(), 'devshm-compiled-'))
  cleanUp.defer(() => rmSync(compiled, { recursive: true, force: true }))
  const places = Array.from({ length: count }, () => cleanUp.use(createPlace({ shim, devshm, compiled })))
  const resources = cleanUp.move()
  return { places, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
