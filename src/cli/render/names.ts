import { relative } from 'node:path'
import { onOneLine } from '../../fs/escape-controls.ts'

/** A path as the user would type it here, unless that is longer; for people, and so on one line. */
export function shorten(path: string, cwd: string): string {
  return onOneLine(typedHere(path, cwd))
}

/** The same for a program, with every character of it. */
export function typedHere(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short !== '' && short.length < path.length ? short : path
}

/** Several paths, {@link shorten}ed, for one line. */
export function namesOf(paths: readonly string[], cwd: string): string {
  return paths.map((path) => shorten(path, cwd)).join(', ')
}

/** Milliseconds for people: `31 ms`, `2.4 s`. */
export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** A moment of today as `14:03:10`, any other with its date; local time. */
export function formatTime(iso: string, now: Date = new Date()): string {
  const date = new Date(iso)
  const time = date.toTimeString().slice(0, 8)
  if (date.toDateString() === now.toDateString()) return time
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}
