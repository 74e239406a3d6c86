import { mkdir, rm } from 'node:fs/promises'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DevshmError } from '../../errors.ts'
import { lookAt } from '../../fs/look.ts'
import { quoted } from '../../fs/quoted.ts'
import { shortHash } from '../../fs/short-hash.ts'
import type { Cache } from '../cache.ts'
import { databaseIn } from '../layer.ts'
import type { Plan } from '../plan.ts'
import type { Workplace } from './workplace.ts'

/**
 * Keep what a failed step left, on disk, for the user to look at: the last failure of each project. What else may go
 * wrong here must not hide why the step failed.
 *
 * @returns the error, which says where
 */
export async function keepFailed(cache: Cache, plan: Plan, place: Workplace, error: unknown): Promise<unknown> {
  if (!(error instanceof DevshmError) || error.code !== 'STEP_FAILED') return error
  const folder = join(cache.home, 'failed', shortHash(plan.root))
  const kept: string[] = []
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const { name } of plan.databases) {
      for (const suffix of ['', '-wal', '-journal']) {
        const from = `${place.pathOf(name)}${suffix}`
        if ((lookAt(from)?.size ?? 0n) === 0n) continue
        const to = `${databaseIn(folder, name)}${suffix}`
        await copyFile(from, to)
        if (suffix === '') kept.push(to)
      }
    }
    if (lookAt(place.log) !== undefined) await copyFile(place.log, join(folder, 'output.log'))
  } catch {
    return error
  }
  const lines = [error.hint, `everything it printed: ${join(folder, 'output.log')}`]
  for (const path of kept) lines.push(`its database is kept: sqlite3 ${quoted(path)}`)
  return new DevshmError('STEP_FAILED', error.message, {
    hint: lines.filter((line) => line !== undefined).join('\n  '),
    cause: error.cause,
    details: { ...error.details, kept },
  })
}
