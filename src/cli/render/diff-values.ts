import type { Value, ValueChange } from '../../engine/diff.ts'
import { escapeControls } from '../../fs/escape-controls.ts'
import { formatBytes } from '../../fs/format-bytes.ts'

const LONGEST_TEXT = 40
const LONGEST_BLOB_BYTES = 16
/** How much of what is equal to show before the first difference. */
const LEAD = 12

/** A value as SQL would write it, shortened, and harmless for a terminal. */
export function renderValue(value: Value): string {
  return typeof value === 'string' ? renderText(value, 0) : renderOther(value)
}

/** `'placed' → 'paid'`; of long texts the part that differs. */
export function renderChange({ before, after }: Pick<ValueChange, 'before' | 'after'>): string {
  if (typeof before !== 'string' || typeof after !== 'string') return `${renderValue(before)} → ${renderValue(after)}`
  const isLong = Math.max(before.length, after.length) > LONGEST_TEXT
  const start = isLong ? Math.max(0, commonStart(before, after) - LEAD) : 0
  return `${renderText(before, start)} → ${renderText(after, start)}`
}

function renderText(text: string, start: number): string {
  const end = start + LONGEST_TEXT
  const shown = escapeControls(text.slice(start, end).replaceAll("'", "''"))
  return `${start > 0 ? '…' : ''}'${shown}'${end < text.length ? '…' : ''}`
}

function renderOther(value: Exclude<Value, string>): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if ('integer' in value) return value.integer
  if ('real' in value) return value.real
  const { bytes, hex, sha256 } = value.blob
  if (bytes <= LONGEST_BLOB_BYTES) return `x'${hex}'`
  const mark = sha256 === undefined ? `x'${hex.slice(0, 8)}…'` : `sha256 ${sha256.slice(0, 8)}…`
  return `blob (${formatBytes(bytes)}, ${mark})`
}

function commonStart(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}
