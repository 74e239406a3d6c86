import { listCandidates } from '../../volume/find-volume.ts'
import type { Observation } from '../finding.ts'
import { removesOnLogout } from '../logind.ts'
import { hasSystemFile } from '../machine.ts'
import type { Surroundings } from '../surroundings.ts'

/** Ids below are system users, whose files logind leaves alone (`SYS_UID_MAX`). */
const FIRST_REGULAR_USER = 1000

/**
 * systemd empties `/dev/shm` and `$XDG_RUNTIME_DIR` of a user whose last session ends.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/logind.conf.html#RemoveIPC=
 */
export async function checkLogout(surroundings: Surroundings): Promise<Observation[]> {
  const { machine, volume, env, configuration } = surroundings
  const subject = 'logout'
  if (!hasSystemFile(machine, '/run/systemd/system')) {
    return [{ level: 'ok', subject, message: 'nothing clears RAM then: systemd does not run here' }]
  }
  if (machine.uid < FIRST_REGULAR_USER) return [{ level: 'ok', subject, message: 'systemd spares system users' }]
  const chosen = (await listCandidates(volume)).find((candidate) => 'volume' in candidate)?.volume.path
  const isRuntimeFolder = chosen !== undefined && isBelow(chosen, env['XDG_RUNTIME_DIR'] ?? '/run/user')
  const isShared = chosen !== undefined && (isBelow(chosen, '/dev/shm') || isBelow(chosen, '/run/shm'))
  if (!isRuntimeFolder && !(isShared && removesOnLogout(machine))) {
    return [{ level: 'ok', subject, message: 'systemd leaves the volume alone' }]
  }
  if (hasSystemFile(machine, `/var/lib/systemd/linger/${machine.user}`)) {
    return [{ level: 'ok', subject, message: `${machine.user} lingers, so systemd leaves ${chosen} alone` }]
  }
  const isSaved = configuration.saveEvery !== 'off'
  const why = isRuntimeFolder ? 'it is the runtime folder' : 'RemoveIPC is on'
  const message = `systemd deletes what you have in ${chosen} when your last session ends (${why})`
  const comfort = isSaved ? '; devshm attach saves first when it is told to end' : ', and saving is off'
  return [
    {
      level: isSaved ? 'note' : 'warning',
      subject,
      message: message + comfort,
      remedy: `loginctl enable-linger ${machine.user}\nor keep --save-every on: at worst its last seconds are lost`,
    },
  ]
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
