import { formatBytes } from '../../fs/format-bytes.ts'
import { listOpeners } from '../../session/list-openers.ts'
import type { DatabaseStatus } from '../../session/status.ts'
import { formatTime, shorten } from './names.ts'

/** A database's status as a heading and aligned lines. */
export function renderStatus(status: DatabaseStatus, cwd: string): string[] {
  const facts = factsOf(status)
  const width = Math.max(0, ...facts.map(([label]) => label.length))
  return [
    `${shorten(status.origin, cwd)}: ${headline(status)}`,
    ...facts.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
  ]
}

function headline(status: DatabaseStatus): string {
  switch (status.state) {
    case 'in-ram':
      return `in RAM (${formatBytes(status.bytes)})`
    case 'on-disk':
      return `on disk (${formatBytes(status.bytes)})`
    case 'absent':
      return 'not there'
    case 'stale':
      return 'the RAM it was in is gone; the next command that acts (devshm detach) restores the last save'
    case 'copied':
      return 'a link into the RAM of the project it was copied from; devshm run, attach or detach gives it its own data'
  }
}

function factsOf(status: DatabaseStatus): [label: string, value: string][] {
  const facts: [string, string][] = []
  if (status.lent !== undefined) facts.push(['its path', lentLine(status.lent)])
  if (status.live !== undefined) facts.push(['live', status.live])
  if (status.route === 'hook') facts.push(['the file', fileLine(status)])
  if (status.attachedAt !== undefined) {
    facts.push(['attached', formatTime(status.attachedAt) + (status.journal === 'wal' ? ', as WAL' : '')])
  }
  if (status.lastSave !== undefined) facts.push(['saved', `${formatTime(status.lastSave.savedAt)}${since(status)}`])
  else if (status.state === 'in-ram') facts.push(['saved', `never${since(status)}`])
  if (status.state === 'in-ram') {
    facts.push(['held by', status.heldBy.length > 0 ? listOpeners(status.heldBy) : 'nobody; devshm detach ends it'])
  }
  if (status.openBy.length > 0) facts.push(['open in', listOpeners(status.openBy)])
  if (status.ram !== undefined) {
    const { path, freeBytes, totalBytes } = status.ram
    facts.push(['RAM left', `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} in ${path}`])
  }
  for (const stray of status.strays) facts.push(['left behind', stray])
  if (status.snapshots.length > 0) {
    const bytes = status.snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0)
    facts.push(['snapshots', `${status.snapshots.length} (${formatBytes(bytes)}); devshm snapshots lists them`])
  }
  return facts
}

function lentLine({ to, by }: NonNullable<DatabaseStatus['lent']>): string {
  return by === undefined
    ? `leads to ${to}: a build was interrupted; the next command that acts (devshm detach) puts it back`
    : `leads to ${to} while pid ${by} builds a template`
}

function fileLine({ changedOnDisk }: DatabaseStatus): string {
  if (changedOnDisk === 'yes')
    return 'was changed on disk: it stays as it is, and what is in RAM will be kept as a snapshot'
  const changed = changedOnDisk === 'unknown' ? '; cannot tell at this moment whether it was changed' : ''
  return `is as it was when it was attached; only what \`devshm run --no-link\` starts uses RAM${changed}`
}

function since({ state, changedSinceSave }: DatabaseStatus): string {
  // Whatever was written after that is gone.
  if (state === 'stale') return ', verified'
  if (changedSinceSave === 'yes') return ', changed since'
  if (changedSinceSave === 'no') return ', verified, unchanged since'
  return ', verified; cannot tell at this moment whether it changed since'
}
