import process from 'node:process'
import type { SQLOutputValue } from 'node:sqlite'
import type { Value } from '../../diff.ts'

/** Up to this length a blob is told in full; that covers keys, UUIDs and hashes. */
const WHOLE_BLOB_BYTES = 32
const BLOB_START_BYTES = 16

/** A value as it was read, with integers as `bigint`, in the form of {@link Value}. */
export function toValue(raw: SQLOutputValue): Value {
  if (raw === null || typeof raw === 'string') return raw
  if (typeof raw === 'bigint') {
    const number = Number(raw)
    return Number.isSafeInteger(number) ? number : { integer: String(raw) }
  }
  if (typeof raw === 'number') return Number.isFinite(raw) && !Number.isInteger(raw) ? raw : { real: realText(raw) }
  if (raw.length <= WHOLE_BLOB_BYTES) return { blob: { bytes: raw.length, hex: hexOf(raw) } }
  return {
    blob: {
      bytes: raw.length,
      hex: hexOf(raw.subarray(0, BLOB_START_BYTES)),
      sha256: sha256Of(raw),
    },
  }
}

function realText(real: number): string {
  if (Object.is(real, -0)) return '-0.0'
  const text = String(real)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** `node:crypto` takes a while to load, and few diffs have a long blob in them. */
function sha256Of(bytes: Uint8Array): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex')
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
