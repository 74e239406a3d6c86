import packageFile from '../../../package.json' with { type: 'json' }
import type { Observation } from '../finding.ts'
import type { Surroundings } from '../surroundings.ts'

/** Node, whose version decides whether devshm runs at all, and the SQLite that comes with it. */
export async function checkVersions({ machine }: Pick<Surroundings, 'machine'>): Promise<Observation[]> {
  const { node, sqlite } = machine.versions
  const needed = packageFile.engines.node.replace('>=', '')
  if (isAtLeast(node, needed)) {
    return [
      { level: 'ok', subject: 'Node.js', message: node },
      { level: 'ok', subject: 'SQLite', message: sqlite },
    ]
  }
  const message = `${node} is too old, devshm needs ${needed} or newer`
  return [{ level: 'problem', subject: 'Node.js', message, remedy: 'install a newer one from https://nodejs.org' }]
}

function isAtLeast(version: string, needed: string): boolean {
  return version.localeCompare(needed, 'en', { numeric: true }) >= 0
}
