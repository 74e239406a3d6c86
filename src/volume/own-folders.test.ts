import { mkdirSync, mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { trustedFoldersIn } from './own-folders.ts'

/** Removes and makes the folder again as fast as it goes. */
const COMES_AND_GOES = `
  const { mkdirSync, rmdirSync } = require('node:fs')
  const { workerData: path, parentPort } = require('node:worker_threads')
  parentPort.postMessage('begins')
  for (;;) { mkdirSync(path, 0o700); rmdirSync(path) }`

test('a folder that another process removes meanwhile, as soon as it is empty, has nothing in it', async () => {
  using place = mkdtempDisposableSync(join(tmpdir(), 'devshm-own-'))
  const folder = join(place.path, 'clones')
  const worker = new Worker(COMES_AND_GOES, { eval: true, workerData: folder })
  try {
    await new Promise((resolve) => worker.once('message', resolve))
    const found: string[] = []
    for (let times = 0; times < 20_000; times += 1) found.push(...(await trustedFoldersIn(folder)))
    expect(found).toEqual([])
  } finally {
    await worker.terminate()
  }
  mkdirSync(join(folder, 'pool'), { recursive: true, mode: 0o700 })
  expect(await trustedFoldersIn(folder)).toEqual([join(folder, 'pool')])
})
