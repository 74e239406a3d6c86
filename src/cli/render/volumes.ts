import { basename } from 'node:path'
import { formatBytes } from '../../fs/format-bytes.ts'
import type { Kept } from '../../session/sweep-stale.ts'
import type { VolumeReport } from '../../session/list-volumes.ts'
import type { DatabaseUse } from '../../session/volume-use.ts'
import { escapeControls } from '../../fs/escape-controls.ts'
import { shorten } from './names.ts'

/** A volume as a heading and what is in it, the largest first. */
export function renderVolume(volume: VolumeReport, cwd: string): string[] {
  const rows = rowsOf(volume, cwd)
  const width = Math.max(0, ...rows.map(({ what }) => what.length))
  const lines = rows.map(({ what, bytes, more }) => `  ${what.padEnd(width)}  ${formatBytes(bytes).padStart(8)}${more}`)
  // Paths of projects may hold anything.
  return [
    `${volume.path}: ${headline(volume)}`,
    ...(lines.length === 0 ? ['  nothing of yours is in it'] : lines),
    ...warning(volume, cwd),
  ].map(escapeControls)
}

interface Row {
  readonly what: string
  readonly bytes: number
  readonly more: string
}

function rowsOf({ projects, buildBytes, cloneBytes }: VolumeReport, cwd: string): Row[] {
  const rows: Row[] = projects.map(({ project, bytes, databases }) => ({
    what: project === undefined ? 'of unknown projects' : shorten(project, cwd),
    bytes,
    more: `  ${databases.map(nameOf).join(', ')}`,
  }))
  if (buildBytes > 0) rows.push({ what: 'builds of templates', bytes: buildBytes, more: '' })
  if (cloneBytes > 0) rows.push({ what: 'clones for tests', bytes: cloneBytes, more: '' })
  return rows.toSorted((a, b) => b.bytes - a.bytes)
}

function nameOf({ origin, live, state }: DatabaseUse): string {
  if (origin === undefined) return live
  return basename(origin) + (state === 'left-behind' ? ' (left behind: its path does not lead to it)' : '')
}

function headline({ freeBytes, totalBytes, refusal, made, chosen }: VolumeReport): string {
  const room =
    freeBytes === undefined || totalBytes === undefined
      ? (refusal ?? 'cannot be used')
      : `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`
  const facts = [
    room,
    ...(made === undefined ? [] : [made.kind === 'tmpfs' ? 'made by devshm' : 'a RAM disk made by devshm']),
    ...(made?.mayBeSwapped === false ? ['never swapped'] : []),
    ...(chosen ? ['used by this project'] : []),
  ]
  return facts.join(', ')
}

function warning({ nearlyFull, usedBytes = 0, totalBytes = 0, path }: VolumeReport, cwd: string): string[] {
  if (nearlyFull === undefined) return []
  const about = { volume: path, usedBytes, totalBytes, largest: nearlyFull.what, largestBytes: nearlyFull.bytes }
  const [first, ...rest] = renderNearlyFull(about, cwd)
  return [`  warning: ${first}`, ...rest.map((line) => `  ${line}`)]
}

/** That a volume is nearly full, and what takes most of it, as lines for people. */
export function renderNearlyFull(
  { volume, usedBytes, totalBytes, largest, largestBytes }: NearlyFull,
  cwd: string,
): [string, ...string[]] {
  const what = largest.startsWith('/') ? shorten(largest, cwd) : largest
  return [
    `${volume} is nearly full: ${formatBytes(usedBytes)} of ${formatBytes(totalBytes)} are taken`,
    `  most of it by ${what} (${formatBytes(largestBytes)}); devshm volume list shows the rest`,
  ]
}

interface NearlyFull {
  readonly volume: string
  readonly usedBytes: number
  readonly totalBytes: number
  readonly largest: string
  readonly largestBytes: number
}

/** What was left behind and stays, why, and how to get it out. */
export function renderKept({ live, bytes, reason }: Kept): string[] {
  return [`${live} (${formatBytes(bytes)}) stays: it ${reason}`].map(escapeControls)
}
