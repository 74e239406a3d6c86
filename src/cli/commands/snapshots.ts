import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import { readHistory } from '../../snapshot/history.ts'
import { listSnapshots } from '../../snapshot/list.ts'
import { isAutomatic, noSnapshot } from '../../snapshot/names.ts'
import { removeSnapshots } from '../../snapshot/remove.ts'
import { openDatabases } from '../open-databases.ts'
import type { CommonOptions } from '../options.ts'
import { printLine } from '../output.ts'
import { shorten } from '../render/names.ts'
import { renderSnapshots } from '../render/snapshots.ts'
import { reporter } from '../reporter.ts'

/** What there is to restore. Changes nothing. */
export async function listAllSnapshots(options: CommonOptions): Promise<number> {
  const { contexts } = await openDatabases(options, reporter(options))
  const databases = contexts.map(({ places }) => {
    const undo = readHistory(places).overwritten?.snapshot
    const snapshots = listSnapshots(places).map(({ name, path, bytes, at }) => {
      return { name, path, bytes, at: at.toISOString(), automatic: isAutomatic(name), undo: name === undo }
    })
    return { origin: places.origin, snapshots }
  })
  if (options.json) printLine(JSON.stringify({ databases }, undefined, 2))
  else printLine(databases.map((one) => renderSnapshots(one, options.cwd).join('\n')).join('\n\n'))
  return 0
}

/** Remove snapshots of these names from every database that has them. */
export async function removeNamed(names: readonly string[], options: CommonOptions): Promise<number> {
  const report = reporter(options)
  const { contexts } = await openDatabases(options, report)
  const having = contexts.filter(({ places }) =>
    listSnapshots(places).some(({ name }) => names.some((wanted) => name === wanted || name.startsWith(`${wanted}-`))),
  )
  const [first] = contexts
  if (having.length === 0 && first !== undefined) throw noSnapshot(names.join(', '), first.places, { orFile: false })
  for (const context of having) {
    await locked(context, async () => {
      const removed = await removeSnapshots(context, await recover(context), names)
      if (options.json) printLine(JSON.stringify({ origin: context.places.origin, removed }))
      else printLine(`removed ${removed.join(', ')} of ${shorten(context.places.origin, options.cwd)}`)
    })
  }
  return 0
}
