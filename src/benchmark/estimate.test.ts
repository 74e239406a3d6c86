import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cacheOf, ensureCache, type Cache } from '../template/cache.ts'
import { FORMAT } from '../template/layer.ts'
import { extentOf } from './bench.ts'
import { estimate } from './estimate.ts'

const USUAL = extentOf({ quick: false })

function createCache(): Cache {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-estimate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const cache = cacheOf({ DEVSHM_CACHE: folder })
  ensureCache(cache)
  return cache
}

/** A cached step of the project `/shop` that ran for so long. */
function addLayer({ layers }: Cache, index: number, ms: number, builtAt: string): void {
  const fingerprint = `${index}${builtAt.slice(0, 4)}`.padEnd(64, '0')
  mkdirSync(join(layers, fingerprint))
  const layer = { format: FORMAT, fingerprint, index, ms, builtAt, root: '/shop', databases: {} }
  writeFileSync(join(layers, fingerprint, 'layer.json'), JSON.stringify(layer))
}

test('commits take as long as they are given', () => {
  expect(estimate(['commits'], USUAL, createCache(), '/shop')).toEqual({ seconds: 7.2, isAtMost: false })
})

test('all of it, where nothing is known of the set-up, is over in about a minute', () => {
  const { seconds, isAtMost } = estimate(['commits', 'setup', 'tests'], USUAL, createCache(), '/shop')
  expect(isAtMost).toBe(true)
  expect(seconds).toBeLessThan(60)
})

test('a set-up of which the steps are known to take long is run once on disk and once in RAM', () => {
  const cache = createCache()
  addLayer(cache, 0, 1_000, '2025-01-01')
  addLayer(cache, 0, 14_000, '2026-01-01')
  addLayer(cache, 1, 1_000, '2026-01-01')
  expect(estimate(['setup'], USUAL, cache, '/shop')).toEqual({ seconds: 31, isAtMost: false })
  // Of another project nothing is known.
  expect(estimate(['setup'], USUAL, cache, '/other').isAtMost).toBe(true)
})

test('so many runs are so many, without a limit', () => {
  const cache = createCache()
  addLayer(cache, 0, 14_000, '2026-01-01')
  const extent = extentOf({ quick: true, runs: 5 })
  expect(estimate(['setup'], extent, cache, '/shop').seconds).toBe(6 * 29)
})
