import { statusOf } from '../../session/status.ts'
import { openDatabases } from '../open-databases.ts'
import { openEverythingInRam } from '../open-everything.ts'
import type { CommonOptions } from '../options.ts'
import { printLine } from '../output.ts'
import { renderStatus } from '../render/status.ts'
import { reporter } from '../reporter.ts'

/** Say where each database is, and whether it is safe. */
export async function status(options: CommonOptions & { readonly all: boolean }): Promise<number> {
  const report = reporter(options)
  const contexts = options.all
    ? await openEverythingInRam(options, report, { orphans: true })
    : (await openDatabases(options, report)).contexts
  const databases = await Promise.all(contexts.map(statusOf))
  if (options.json) printLine(JSON.stringify({ databases }, undefined, 2))
  else if (databases.length === 0) printLine('no database is in RAM')
  else printLine(databases.map((one) => renderStatus(one, options.cwd).join('\n')).join('\n\n'))
  return 0
}
