import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isSame } from '../../engine/diff.ts'
import { DevshmError } from '../../errors.ts'
import type { Context } from '../../session/context.ts'
import { contextOf } from '../../session/contexts.ts'
import { resolveOrigin } from '../../session/places.ts'
import { diffDatabase } from '../../snapshot/diff.ts'
import { openDatabases } from '../open-databases.ts'
import type { CommonOptions } from '../options.ts'
import { printLine } from '../output.ts'
import { showProgress } from '../progress.ts'
import { colourDifference, renderComparison } from '../render/diff.ts'
import { shorten } from '../render/names.ts'
import { reporter } from '../reporter.ts'

export interface DiffFlags extends CommonOptions {
  readonly rows: boolean
  readonly limit?: number
  readonly exitCode: boolean
}

const ROWS_FOR_PEOPLE = 20

/** A table is compared in one go, and one of this size takes about a second. */
const LARGE_BYTES = 100_000_000

/** Compare two states of each database. */
export async function diff(a: string | undefined, b: string | undefined, options: DiffFlags): Promise<number> {
  const contexts = await contextsFor(options, a, b)
  const limit = options.limit ?? (options.json ? Number.MAX_SAFE_INTEGER : ROWS_FOR_PEOPLE)
  const databases = []
  for (const context of contexts) {
    const { origin } = context.places
    const atOnce = (statSync(origin, { throwIfNoEntry: false })?.size ?? 0) > LARGE_BYTES
    using progress = showProgress(`comparing ${shorten(origin, options.cwd)}`, { atOnce })
    const rows = options.rows && { limit }
    databases.push(await diffDatabase(context, { cwd: options.cwd, a, b, rows, onProgress: progress.update }))
  }
  if (options.json) printLine(JSON.stringify({ databases }, undefined, 2))
  else
    printLine(databases.map((one) => renderComparison(one, options.cwd).map(colourDifference).join('\n')).join('\n\n'))
  return options.exitCode && !databases.every(({ diff }) => isSame(diff)) ? 1 : 0
}

/** Two files can be compared anywhere; nothing else is asked of the folder then. */
async function contextsFor(
  options: DiffFlags,
  a: string | undefined,
  b: string | undefined,
): Promise<readonly Context[]> {
  const report = reporter(options)
  const ofFile = (path: string): readonly Context[] => {
    return [contextOf(resolveOrigin(resolve(options.cwd, path)), { env: options.env }, report)]
  }
  // No snapshot has such a name: two files are one comparison, whatever databases there are.
  if (a?.includes('/') === true && b?.includes('/') === true) return ofFile(b)
  try {
    return (await openDatabases(options, report)).contexts
  } catch (error) {
    const isUnknown = error instanceof DevshmError && /^DATABASE_(?:NOT_FOUND|AMBIGUOUS)$/.test(error.code)
    if (!isUnknown || b === undefined) throw error
    return ofFile(b)
  }
}
