import { stat } from 'node:fs/promises'
import { workerUrl } from '../../fs/own-files.ts'
import type { ContentFacts, Verdict } from '../engine.ts'
import { checkStructureIfBrief } from './check-structure.ts'

/**
 * Above this size the check runs in a thread of its own: it is one blocking call, about a millisecond a megabyte, and
 * must not delay a signal. Below it, starting the thread would take about as long as the check, unless the schema computes
 * columns, which may take any time.
 */
const OWN_THREAD_ABOVE_BYTES = 32_000_000

/** Check a private file: {@link Engine.verify}. */
export async function verify(path: string, expected: ContentFacts): Promise<Verdict> {
  const { size } = await stat(path)
  // SQLite itself overlooks a last page that is not all there.
  const bytes = expected.pageCount * expected.pageSize
  if (size !== bytes) return { sound: false, reason: `it has ${size} bytes instead of ${bytes}` }
  const verdict = size <= OWN_THREAD_ABOVE_BYTES ? checkStructureIfBrief(path, expected) : undefined
  return verdict ?? (await inOwnThread(path, expected))
}

async function inOwnThread(path: string, expected: ContentFacts): Promise<Verdict> {
  // Loaded only when it is needed: it takes longer than most saves.
  const { Worker } = await import('node:worker_threads')
  const worker = new Worker(workerUrl('verify', import.meta.url), {
    // Only the numbers: what is pinned has functions as well, which cannot be sent to a thread.
    workerData: { path, expected: { pageCount: expected.pageCount, pageSize: expected.pageSize } },
  })
  return await new Promise<Verdict>((resolve, reject) => {
    worker.once('message', (verdict: Verdict) => {
      resolve(verdict)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      reject(new Error(`the thread that checks ${path} ended with ${code} and no verdict`))
    })
  })
}
