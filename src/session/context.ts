import type { Engine } from '../engine/engine.ts'
import type { VolumeWish } from '../volume/find-volume.ts'
import type { Report } from './events.ts'
import type { Places } from './places.ts'

/** What every operation on one database is given. */
export interface Context {
  readonly places: Places
  readonly engine: Engine
  readonly volume: VolumeWish
  readonly report: Report
  /** Called at the points where an operation's order matters; tests put other processes, or a crash, exactly there. */
  readonly onStep?: (step: Step) => void | Promise<void>
}

export type Step =
  | 'attach:locked'
  | 'attach:copied'
  | 'attach:recorded'
  | 'attach:kept'
  | 'attach:swapped'
  | 'attach:undoing'
  | 'save:pinned'
  | 'save:staged'
  | 'save:written'
  | 'save:renamed'
  | 'detach:locked'
  | 'detach:saved'
  | 'detach:recorded'
  | 'detach:swapped'
  | 'detach:gone'
  | 'detach:undoing'
  | 'overwrite:kept'
  | 'overwrite:linked'
  | 'overwrite:swapped'
  | 'overwrite:done'
  | 'lent:recorded'
  | 'lent:kept'
  | 'lent:swapped'
  | 'lent:done'
  | 'lent:back'

export async function reach(context: Context, step: Step): Promise<void> {
  await context.onStep?.(step)
}
