import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { locked } from '../../../../src/session/locked.ts'
import { recover } from '../../../../src/session/recover.ts'
import { settleHistory } from '../../../../src/snapshot/settle-history.ts'
import { contextOf } from '../../../session/support/in-process.ts'
import { snapshotPathIn, words } from '../../../snapshot/support/shelf.ts'
import { DEVSHM, endHolders, run, type Playground } from '../../../support/playground.ts'
import { createRecorder, type Call, type Shim } from '../shim.ts'
import { digestOf, emptyVolume, LEFT, materialise, pictureOf, type Left } from './after-the-cut.ts'
import { Disk } from './disk.ts'
import type { Scenario } from './scenario.ts'

/** A scenario with a cut after each of its calls. */
export interface Cuts {
  /** Calls that changed what is on the disk. */
  readonly calls: number
  /** Cuts that left something else than all others before, each of them recovered from. */
  readonly tried: number
  readonly wrong: readonly string[]
}

/**
 * Cut the power after each recorded call, in each way, and let the next command put right what was left.
 *
 * @param every try only each so many-th of what is left, and all that is when the command is done
 * @throws {Error} a call could not be modelled
 */
export async function cutEverywhere(
  playground: Playground,
  shim: Shim,
  scenario: Scenario,
  every: number,
): Promise<Cuts> {
  for (const step of scenario.prepare) await step(playground)
  const { folder, volume, cache, env } = playground
  const disk = new Disk(folder, cache)
  using recorder = createRecorder(shim)
  const orders = recorder.order({ roots: { project: folder, volume, cache }, keepData: true })
  const [node, ...args] = DEVSHM
  const outcome = await run(node, [...args, ...scenario.command], { cwd: folder, env: { ...env, ...orders } })
  const calls = recorder.calls()
  await endHolders(volume)
  if (outcome.status !== 0) throw new Error(`devshm ${scenario.command.join(' ')} failed: ${outcome.stderr}`)

  const seen = new Set<string>()
  const wrong: string[] = []
  let changing = 0
  let tried = 0
  // What was found with nothing but what was synced: from then on it can only become newer.
  let least: string = scenario.before
  const cut = async (call: Call | undefined, left: Left): Promise<void> => {
    const isOver = call === undefined
    const picture = pictureOf(disk, left)
    const digest = `${isOver} ${digestOf(picture)}`
    if (seen.has(digest)) return
    seen.add(digest)
    if (!isOver && seen.size % every !== 0) return
    tried += 1
    materialise(disk, picture)
    emptyVolume(volume)
    const found = await recoverAndLook(playground, scenario, { isOver, least })
    const when = isOver ? 'when the command was done' : `after ${call.key}`
    if ('problem' in found) wrong.push(`${when}, and of what was not synced ${left} was left: ${found.problem}`)
    else if (left === 'nothing') least = found.state
  }
  for (const call of calls) {
    if (!disk.apply(call, recorder.bytesOf)) continue
    changing += 1
    for (const left of LEFT) await cut(call, left)
  }
  for (const left of LEFT) await cut(undefined, left)
  return { calls: changing, tried, wrong }
}

interface Moment {
  /** The command has said that it is done. */
  readonly isOver: boolean
  /** It holds this, or what came after it. */
  readonly least: string
}

type Found = { readonly problem: string } | { readonly state: string }

/** Let the next command do its work, twice, and look at what there is. */
async function recoverAndLook(playground: Playground, scenario: Scenario, moment: Moment): Promise<Found> {
  try {
    let found: Found = { problem: 'nothing was looked at' }
    for (const time of ['first', 'second']) {
      const context = contextOf(playground)
      await locked(context, async () => settleHistory(context, await recover(context)))
      found = look(playground, scenario, moment)
      if ('problem' in found) return { problem: `${found.problem} (after the ${time} recovery)` }
    }
    return found
  } catch (error) {
    return { problem: String(error) }
  }
}

function look(playground: Playground, scenario: Scenario, { isOver, least }: Moment): Found {
  const { origin, folder } = playground
  if (lstatSync(origin, { throwIfNoEntry: false })?.isFile() !== true)
    return { problem: 'there is no file at the path' }
  const [verdict] = playground.sql('pragma integrity_check')
  if (verdict?.['integrity_check'] !== 'ok') return { problem: `it is damaged: ${JSON.stringify(verdict)}` }
  const state = words(origin).join()
  const { before, between = [], after, kept = {}, taken = {} } = scenario
  const states = isOver ? [after] : [before, ...between, after]
  if (!states.includes(state)) return { problem: `it holds ${state}, and not ${states.join(' or ')}` }
  if (!isOver && states.indexOf(state) < states.indexOf(least)) {
    return { problem: `it holds ${state}, and held ${least} with what was synced earlier` }
  }
  const wanted = { ...kept, ...(isOver && taken) }
  for (const [name, word] of Object.entries(wanted)) {
    const path = snapshotPathIn(playground, name)
    if (!existsSync(path)) return { problem: `the snapshot ${name} is gone` }
    if (words(path).join() !== word) return { problem: `the snapshot ${name} holds ${words(path).join()}` }
  }
  // A journal that is not begun yet means nothing to SQLite, and stays until the next write.
  playground.sql(`pragma user_version = 1`)
  const usual = /^(db\.sqlite3(-wal|-shm)?|\.devshm|devshm\.config\.json|manage\.py)$/
  const left = [
    ...readdirSync(join(folder, '.devshm/db.sqlite3/unfinished')),
    ...readdirSync(folder).filter((name) => !usual.test(name)),
  ]
  return left.length === 0 ? { state } : { problem: `left: ${left.join(', ')}` }
}
