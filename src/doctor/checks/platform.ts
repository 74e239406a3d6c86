import { hasSystemFile, isContainer, readSystemFile } from '../machine.ts'
import type { Observation } from '../finding.ts'
import type { Surroundings } from '../surroundings.ts'

const KEEP_WSL =
  'keep --save-every on, or let it run: vmIdleTimeout=-1 under [wsl2] in %UserProfile%\\.wslconfig on Windows'

/** What the operating system can do for devshm. */
export async function checkPlatform(surroundings: Surroundings): Promise<Observation[]> {
  const { machine, volume, env } = surroundings
  if (machine.platform === 'win32') {
    const message = 'has no RAM-backed folders and no links that a database could be routed by'
    return [{ level: 'problem', subject: 'Windows', message, remedy: 'run the project, and devshm, in WSL 2' }]
  }
  if (machine.platform === 'darwin') {
    const isNamed = (env['DEVSHM_VOLUME'] ?? '') !== '' || volume.configured !== undefined
    if (isNamed) return [{ level: 'ok', subject: 'macOS', message: 'with a volume that you named' }]
    const message =
      'has no RAM-backed folder by itself: devshm makes a RAM disk when it needs one, which on some Macs is no faster than the SSD'
    return [
      { level: 'note', subject: 'macOS', message, remedy: 'devshm volume create PATH --size 1G   (makes your own)' },
    ]
  }
  if (/microsoft|wsl/i.test(readSystemFile(machine, '/proc/sys/kernel/osrelease') ?? '')) {
    const message = 'stops a machine in which nothing runs in a terminal, and what is in RAM goes with it'
    return [{ level: 'note', subject: 'WSL', message, remedy: KEEP_WSL }]
  }
  if (machine.platform === 'linux') {
    return [
      { level: 'ok', subject: 'Linux', message: isContainer(machine) ? 'in a container' : describeInit(surroundings) },
    ]
  }
  const message = 'is not a system that devshm was made for'
  return [{ level: 'warning', subject: machine.platform, message, remedy: 'use Linux, macOS or WSL 2' }]
}

function describeInit({ machine }: Surroundings): string {
  return hasSystemFile(machine, '/run/systemd/system') ? 'with systemd' : 'without systemd'
}
