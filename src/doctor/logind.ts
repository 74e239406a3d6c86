import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readSystemFile, type Machine } from './machine.ts'

/** Where systemd's files lie, the strongest first. */
const FOLDERS = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd']

/**
 * Whether logind removes a user's shared memory at the last logout: `RemoveIPC=` of its configuration, which is on
 * unless something says otherwise.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/logind.conf.html
 */
export function removesOnLogout(machine: Machine): boolean {
  const main = FOLDERS.map((folder) => `${folder}/logind.conf`).find(
    (path) => readSystemFile(machine, path) !== undefined,
  )
  const settings = [...(main === undefined ? [] : [main]), ...dropIns(machine)].flatMap((path) => {
    return settingIn(readSystemFile(machine, path) ?? '')
  })
  return !/^(?:no|n|false|f|off|0)$/i.test(settings.at(-1) ?? 'yes')
}

/** Drop-in files of all folders by name; one in a stronger folder hides its namesakes. */
function dropIns(machine: Machine): string[] {
  const byName = new Map<string, string>()
  for (const folder of FOLDERS.toReversed()) {
    for (const name of namesIn(join(machine.files, folder, 'logind.conf.d'))) {
      if (name.endsWith('.conf')) byName.set(name, `${folder}/logind.conf.d/${name}`)
    }
  }
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
}

function settingIn(text: string): string[] {
  return [...text.matchAll(/^[ \t]*RemoveIPC[ \t]*=[ \t]*(\S*)/gm)].map(([, value]) => value || 'yes')
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Usually there is no such folder; one that cannot be read is not logind's either.
    return []
  }
}
