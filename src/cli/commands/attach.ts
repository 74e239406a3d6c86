import { findHolder } from '../../session/find-holder.ts'
import { startHolder } from '../../session/start-holder.ts'
import { openDatabases } from '../open-databases.ts'
import type { AttachOptions } from '../options.ts'
import { printNote } from '../output.ts'
import { withProgress } from '../progress.ts'
import { namesOf } from '../render/names.ts'
import { reporter } from '../reporter.ts'
import { sessionOptions } from '../session-options.ts'

/** Attach and leave a holder behind that saves on the timer; `program` is how to start this program again. */
export async function attach(program: readonly string[], options: AttachOptions): Promise<number> {
  const report = reporter(options)
  const { contexts, configuration } = await openDatabases(options, report)
  const held = await Promise.all(contexts.map(findHolder))
  if (held.every((one) => one !== undefined)) {
    for (const one of held) report(one)
    return 0
  }
  const about = { kind: 'holder', command: 'devshm attach' } as const
  // A background process that holds nothing would be of no use to anybody.
  const session = { ...sessionOptions(options, configuration, about), requireRam: true }
  const origins = contexts.map(({ places }) => places.origin)
  const orders = { origins, configuredVolume: configuration.volume, session }
  const { pid } = await withProgress(`putting ${namesOf(origins, options.cwd)} into RAM`, () =>
    startHolder([...program, 'hold'], orders, report),
  )
  if (!options.json) printNote(`devshm: held by pid ${pid}; \`devshm detach\` brings it back to disk`)
  return 0
}
