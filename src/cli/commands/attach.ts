import { findHolder } from '../../session/find-holder.ts'
import { startHolder } from '../../session/start-holder.ts'
import { openDatabases } from '../open-databases.ts'
import type { AttachOptions } from '../options.ts'
import { printNote } from '../output.ts'
import { reporter } from '../reporter.ts'
import { sessionOptions } from '../session-options.ts'

/** Attach and leave a holder behind that saves on the timer; `program` is how to start this program again. */
export async function attach(program: readonly string[], options: AttachOptions): Promise<number> {
  const report = reporter(options)
  const note = (line: string): void => {
    if (!options.json) printNote(`devshm: ${line}`)
  }
  const { contexts, configuration } = await openDatabases(options, report)
  const holders = await Promise.all(contexts.map(findHolder))
  if (holders.every((holder) => holder !== undefined)) {
    note(`in RAM already, held by pid ${[...new Set(holders.map(({ pid }) => pid))].join(', ')}`)
    return 0
  }
  const about = { kind: 'holder', command: 'devshm attach' } as const
  // A background process that holds nothing would be of no use to anybody.
  const session = { ...sessionOptions(options, configuration, about), requireRam: true }
  const origins = contexts.map(({ places }) => places.origin)
  const orders = { origins, configuredVolume: configuration.volume, session }
  const { pid } = await startHolder([...program, 'hold'], orders, report)
  note(`held by pid ${pid}; \`devshm detach\` brings it back to disk`)
  return 0
}
