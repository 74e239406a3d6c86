import { UsageError } from '../../errors.ts'
import { resolveCommand } from '../../process/command/resolve-command.ts'
import { runCommand, type Command } from '../../process/command/run-command.ts'
import { nameCommand } from '../../process/name-command.ts'
import { watchSignals } from '../../process/command/signals.ts'
import { statusOfSignal } from '../../process/command/signal-status.ts'
import { Session } from '../../session/session.ts'
import type { LedToLive } from '../../template/frameworks/django/lead-to-live.ts'
import { openDatabases } from '../open-databases.ts'
import type { RunOptions } from '../options.ts'
import { withProgress } from '../progress.ts'
import { namesOf } from '../render/names.ts'
import { reporter } from '../reporter.ts'
import { leaveAtOnceOnSecondInterrupt } from '../second-interrupt.ts'
import { sessionOptions } from '../session-options.ts'

const LEFT = 'what is in RAM is still there, and the next devshm command carries on with it'

/** Attach, run the command, save, detach. The command's exit status is returned; 1 if only the save failed. */
export async function run(command: Command, options: RunOptions): Promise<number> {
  const { cwd, env } = options
  const route = options.link === false ? 'hook' : 'link'
  // Before anything is touched: a command that cannot start must not move a database.
  resolveCommand(command[0], env, cwd)
  if (route === 'hook') await requireDjango(command, options)
  using signals = watchSignals()
  // It may have to wait for another devshm command, for as long as that takes.
  leaveAtOnceOnSecondInterrupt(signals, 'the command will not be started; Ctrl-C once more leaves at once', LEFT)
  const report = reporter(options)
  const { contexts, configuration } = await openDatabases(options, report, command)
  const words = route === 'link' ? ['devshm', 'run'] : ['devshm', 'run', '--no-link']
  const about = { kind: 'run', command: nameCommand([...words, '--', ...command]), route } as const
  const names = namesOf(
    contexts.map(({ places }) => places.origin),
    cwd,
  )
  const session = await withProgress(`putting ${names} into RAM`, () =>
    Session.open(contexts, sessionOptions(options, configuration, about)),
  )
  let status = 1
  let isSaved = false
  let hook: LedToLive | undefined
  try {
    if (route === 'hook') hook = await leadToLive(env, session)
    const [early] = signals.received
    const led = { ...env, ...hook?.variables }
    status =
      early === undefined ? (await runCommand(command, { cwd, env: led, signals })).status : statusOfSignal(early)
    if (early === undefined) for (const each of hook?.findNotUsed() ?? []) report({ type: 'not-used', ...each })
  } finally {
    leaveAtOnceOnSecondInterrupt(
      signals,
      'saving; Ctrl-C once more leaves at once, with the database still in RAM',
      LEFT,
    )
    isSaved = await withProgress(`saving ${names}`, () => session.close())
  }
  return status === 0 && !isSaved ? 1 : status
}

/** A hook leads Django to RAM; of other apps nothing would come there, and nobody would notice. */
async function requireDjango(command: Command, { cwd, env }: RunOptions): Promise<void> {
  const { isDjangoProject } = await import('../../template/frameworks/django/is-django.ts')
  if (isDjangoProject({ cwd, command, env })) return
  throw new UsageError('--no-link is for Django alone, and this project has no manage.py of it', {
    hint: 'leave it out, or start the command in the folder of manage.py (or with DJANGO_SETTINGS_MODULE set)',
  })
}

/** Nothing where none of the databases found a place in RAM. */
async function leadToLive(env: NodeJS.ProcessEnv, { databases }: Session): Promise<LedToLive | undefined> {
  if (databases.length === 0) return undefined
  const { leadDjangoToLive } = await import('../../template/frameworks/django/lead-to-live.ts')
  return await leadDjangoToLive(env, databases)
}
