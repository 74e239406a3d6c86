import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { DEVSHM, eventually, type Playground } from '../support/playground.ts'
import { chooseSeed, seededRandom } from '../support/seeded-random.ts'
import { isOnDisk, leftInRam, projectForTest } from './support/run-places.ts'

/** For each app; more of them with DEVSHM_ROUNDS. */
const ROUNDS = Number(process.env['DEVSHM_ROUNDS'] ?? 1)

const APPS: Readonly<Record<string, readonly string[]>> = {
  'that dies of it': ['sh', '-c', 'echo ready; exec sleep 600'],
  'that ends by itself': ['sh', '-c', 'trap "exit 0" INT; echo ready; while :; do sleep 0.05; done'],
  'of Node.js': [
    process.execPath,
    '-e',
    `process.on('SIGINT', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1e6)`,
  ],
}

/** Two of them, to devshm alone or to its group as a terminal does it. Resolves when it has ended. */
async function interruptTwice(
  { folder, env }: Playground,
  app: readonly string[],
  { targets, gapMs, afterMs }: { targets: readonly ('group' | 'pid')[]; gapMs: number; afterMs: number | undefined },
): Promise<void> {
  const run = spawn(DEVSHM[0], [...DEVSHM.slice(1), 'run', '--', ...app], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  run.stdout.on('data', (text: Buffer) => (output += text.toString()))
  const exit = once(run, 'exit')
  const hasEnded = (): boolean => run.exitCode !== null || run.signalCode !== null
  if (afterMs === undefined) await eventually('the app is ready', () => output.includes('ready') || hasEnded())
  else await sleep(afterMs)
  for (const target of targets) {
    if (!hasEnded() && run.pid !== undefined) process.kill(target === 'group' ? -run.pid : run.pid, 'SIGINT')
    await sleep(gapMs)
  }
  try {
    await eventually('devshm run has ended', hasEnded)
    await exit
  } finally {
    if (!hasEnded() && run.pid !== undefined) process.kill(-run.pid, 'SIGKILL')
  }
}

test.each(Object.entries(APPS))(
  'two interrupts within milliseconds end devshm run and an app %s, at any moment',
  { timeout: 60_000 + ROUNDS * 30_000 },
  async (_, app) => {
    const project = await projectForTest()
    const seed = chooseSeed()
    const random = seededRandom(seed)
    for (let round = 0; round < ROUNDS; round += 1) {
      const target = (): 'group' | 'pid' => random.pick(['group', 'pid'])
      // Also while it begins: node itself, the attach, the start of the app.
      const afterMs = random.chance(0.3) ? 1200 * random.number() : undefined
      const how = { targets: [target(), target()], gapMs: 20 * random.number(), afterMs }
      await expect(interruptTwice(project, app, how), `round ${round} of DEVSHM_SEED=${seed}`).resolves.toBeUndefined()
    }
    await eventually('nothing is left to be done', async () => (await project.devshm('detach')).status === 0)
    expect(isOnDisk(project)).toBe(true)
    expect(leftInRam(project)).toEqual([])
  },
)
