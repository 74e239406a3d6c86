import { formatBytes } from '../../fs/format-bytes.ts'
import { quoted } from '../../fs/quoted.ts'
import type { SessionEvent } from '../../session/events.ts'
import { listOpeners } from '../../session/list-openers.ts'
import { formatMs, formatTime, shorten } from './names.ts'
import { renderNearlyFull } from './volumes.ts'

/** An event as lines for people. */
export function renderEvent(event: SessionEvent, cwd: string): string[] {
  const name = shorten(event.origin, cwd)
  switch (event.type) {
    case 'attached':
      return [`${name} is in RAM (${formatBytes(event.bytes)}, ${formatMs(event.ms)})`]
    case 'joined':
      return [
        event.heldBy.length === 0
          ? `${name} is still in RAM (${formatBytes(event.bytes)})`
          : `${name} is in RAM already (${formatBytes(event.bytes)}), shared with ${listOpeners(event.heldBy)}`,
      ]
    case 'saved':
      return [`saved ${name} (${formatBytes(event.bytes)}, ${formatMs(event.ms)})`]
    case 'unchanged':
      return [`${name} is unchanged since its last save`]
    case 'was-on-disk':
      return [`${name} is not in RAM; there is nothing to save`]
    case 'detached':
      return [
        event.changed
          ? `saved to ${name} (${formatBytes(event.bytes)}, ${formatMs(event.ms)})`
          : `${name} is unchanged and back on disk (${formatMs(event.ms)})`,
      ]
    case 'snapshot':
      return [`${name} is kept as the snapshot ${event.snapshot} (${formatBytes(event.bytes)}, ${formatMs(event.ms)})`]
    case 'restore':
    case 'undo':
    case 'reset':
      return renderOverwritten(event, name)
    case 'carried-on':
      return [
        `${name} was still in RAM, from ${formatTime(event.attachedAt)}: devshm ended before it was brought back.`,
        '  Nothing is lost; carrying on with it.',
      ]
    case 'restored':
      return renderRestored(name, event.savedAt, event.bytes)
    case 'replaced':
      if (event.route === 'hook') return renderReplacedFile(event, name, cwd)
      return [
        `${name} was ${event.isThere ? 'replaced' : 'removed'} while it was in RAM.`,
        `  What it held is kept as the snapshot ${event.snapshot}: ${shorten(event.path, cwd)}`,
      ]
    case 'changed-on-disk':
      return [
        `${name} was ${event.isThere ? 'changed' : 'removed'} on disk by a program that does not use the one in RAM.`,
        `  They are two databases now. At the end ${event.isThere ? 'the file stays as it is' : 'it stays away'}, and what is in RAM is kept as a snapshot.`,
      ]
    case 'not-used':
      return [`${name} was in RAM, but nothing used it there: ${event.reason}`, ...hintLines(event.hint)]
    case 'copied':
      return [
        `this project is a copy: ${name} now has its own data (${formatBytes(event.bytes)}), as it is in ${event.from}`,
      ]
    case 'adopted':
      return [`${name} was moved here from ${event.from} while it was in RAM; carrying on with it`]
    case 'still-open':
      return [`${name} is still open in ${listOpeners(event.openers)}, so it stays in RAM; it is saved`]
    case 'still-held':
      return [`${name} stays in RAM for ${listOpeners(event.heldBy)}`]
    case 'on-disk':
      return [`${name} stays on disk: ${event.reason}`, ...hintLines(event.hint)]
    case 'inherited-fault':
      return [
        `${name} is saved as it is, but SQLite cannot vouch for all of it: ${event.reason}`,
        '  The copy equals the database. This is a function that only the app has, or a fault that was there before.',
      ]
    case 'moved-aside':
      return [`${shorten(event.path, cwd)} does not belong to ${name} and was moved to ${shorten(event.to, cwd)}`]
    case 'put-back':
      return [
        `the build of a template for ${name} was interrupted; what was there before is back.`,
        ...(event.path === undefined
          ? []
          : [`  What was there meanwhile is kept as the snapshot ${event.snapshot}: ${shorten(event.path, cwd)}`]),
      ]
    case 'swept':
      return [`removed from RAM what was left behind of ${name} (${formatBytes(event.bytes)}): it is on disk`]
    case 'nearly-full':
      return renderNearlyFull(event, cwd)
    case 'made-volume':
      return [
        `made a RAM disk for it: ${event.volume} (${formatBytes(event.bytes)}), until a restart or:`,
        `  devshm volume remove ${quoted(event.volume)}`,
      ]
    case 'waiting':
      return [`waiting for another devshm command at work on ${name}: ${event.holders}`]
    case 'fenced':
      return [
        `${listOpeners(event.openers)} has an old file of ${name} open; it can no longer be written to. Restart that process.`,
      ]
    case 'failed':
      return [event.message, ...hintLines(event.hint), `  The data is in ${event.kept}`]
  }
}

function renderReplacedFile(event: Extract<SessionEvent, { type: 'replaced' }>, name: string, cwd: string): string[] {
  const { isThere, path, snapshot } = event
  return [
    `${name} was ${isThere ? 'changed on disk' : 'removed'} while it was in RAM without a link; ${isThere ? 'the file stays as it is' : 'it stays away'}.`,
    `  What RAM held is kept as the snapshot ${snapshot}: ${shorten(path, cwd)}`,
    `  To have that instead: devshm restore ${snapshot}`,
  ]
}

function renderOverwritten(
  event: Extract<SessionEvent, { type: 'restore' | 'undo' | 'reset' }>,
  name: string,
): string[] {
  const to = event.type === 'reset' ? 'its template' : event.from
  if (!event.changed) return [`${name} is equal to ${to} already (${formatMs(event.ms)})`]
  const verb = event.type === 'reset' ? 'reset to' : 'restored from'
  const line = `${name} is ${verb} ${to} (${formatBytes(event.bytes)}, ${formatMs(event.ms)})`
  return event.kept === undefined
    ? [line]
    : [line, `  What it held is kept as ${event.kept}; devshm undo brings it back.`]
}

function renderRestored(name: string, savedAt: string | undefined, bytes: number): string[] {
  if (savedAt === undefined) return [`${name} was in RAM only, and empty, when the machine was restarted; it is gone`]
  return [
    `the RAM of ${name} is gone (a restart, or a logout).`,
    `  Restored the last save, from ${formatTime(savedAt)} (${formatBytes(bytes)}).`,
  ]
}

function hintLines(hint: string | undefined): string[] {
  return hint === undefined ? [] : [`  ${hint}`]
}
