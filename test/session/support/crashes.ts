import { join } from 'node:path'
import { expect } from 'vitest'
import type { Route } from '../../../src/session/attachment.ts'
import type { Step } from '../../../src/session/context.ts'
import { liveOf, type Playground } from '../../support/playground.ts'
import { attachIn, contextOf } from './in-process.ts'

const SCRIPT = join(import.meta.dirname, 'die-at-step.script.ts')

export interface Crash {
  readonly action: 'attach' | 'save' | 'detach'
  readonly step: Step
  /** Where another process opens the database, so that the operation has to go back. */
  readonly openAt?: Step
}

const ATTACH = ['attach:locked', 'attach:copied', 'attach:recorded', 'attach:kept', 'attach:swapped'] as const
const SAVE = ['save:pinned', 'save:staged', 'save:written', 'save:renamed'] as const
const DETACH = ['detach:locked', 'detach:saved', 'detach:recorded', 'detach:swapped', 'detach:gone'] as const

/** Every operation, killed at every step it has. */
export const CRASHES: readonly Crash[] = [
  ...ATTACH.map((step) => ({ action: 'attach', step }) as const),
  { action: 'attach', step: 'attach:undoing', openAt: 'attach:copied' },
  ...SAVE.map((step) => ({ action: 'save', step }) as const),
  ...[...SAVE, ...DETACH].map((step) => ({ action: 'detach', step }) as const),
  { action: 'detach', step: 'detach:undoing', openAt: 'detach:recorded' },
]

/** Let an operation be killed at a step. Before a save or detach, row 2 was written in RAM only. */
export async function crash(playground: Playground, { action, step, openAt }: Crash): Promise<void> {
  let opened = playground.origin
  if (action !== 'attach') {
    await attachIn(contextOf(playground))
    playground.sql('insert into item values (2)')
    opened = liveOf(playground.origin)
  }
  await dieAtStep(playground, { action, step, openAt, opened, route: 'link' })
}

/** Let one operation be killed at a step, while another process has `opened` open since `openAt`. */
export async function dieAtStep(
  playground: Playground,
  how: Pick<Crash, 'action' | 'step'> & { openAt?: Step | undefined; opened: string; route: Route },
): Promise<void> {
  const { action, step, openAt = '', opened, route } = how
  const args = [playground.origin, playground.volume, action, step, openAt, opened, route]
  const { status, stderr } = await playground.command(process.execPath, SCRIPT, ...args)
  expect({ status, stderr }).toEqual({ status: -1, stderr: '' })
}
