import { seconds } from './report.ts'
import type { Step } from './report.ts'

/** From this on the commits of an ordinary request are felt. */
const SLOW_FSYNC_MS = 3
/** Two runs of the same differ as much. */
const NOISE = 0.1

export interface Measured {
  /** Nothing but commits, one after the other. */
  readonly delivery: Step
  readonly commits: number
  readonly otherSteps: readonly Step[]
  readonly fsyncMs: number
}

/** What the numbers say, and no more: one run on this machine. */
export function conclude({ delivery, commits, otherSteps, fsyncMs }: Measured): string {
  const others = {
    onDisk: otherSteps.reduce((sum, step) => sum + step.onDisk, 0),
    inRam: otherSteps.reduce((sum, step) => sum + step.inRam, 0),
  }
  const saved = others.inRam < (1 - NOISE) * others.onDisk
  const fsync = `${fsyncMs.toFixed(fsyncMs < 10 ? 2 : 0)} ms`
  return [
    `The delivery, ${commits} single commits, took ${compare(delivery)}.`,
    `The other steps together took ${compare(others)}.`,
    `An fsync takes ${fsync} on this disk. ${
      fsyncMs < SLOW_FSYNC_MS && !saved
        ? 'That is fast: but for many commits RAM alone saves\nlittle or nothing here.'
        : 'In RAM no commit waits for it.'
    }`,
    'The rest is Python at work, and each `devshm run` adds the start of Node.',
    'One run each, no benchmark.',
  ].join('\n')
}

function compare({ onDisk, inRam }: Pick<Step, 'onDisk' | 'inRam'>): string {
  if (Math.abs(onDisk - inRam) < NOISE * onDisk) return 'about as long in RAM as on disk'
  return `${seconds(Math.abs(onDisk - inRam))} ${inRam < onDisk ? 'less' : 'more'} in RAM than on disk`
}
