import * as fc from 'fast-check'

type Edit =
  | { readonly do: 'set'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly do: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly do: 'remove' | 'repeat' | 'cut'; readonly at: number; readonly length: number }

/** Bytes that mean something to many formats. */
const TELLING = [0, 1, 2, 0x7f, 0x80, 0xff, 0x0a, 0x22, 0x5c, 0x7b, 0x7d].map((byte) => new Uint8Array([byte]))

/** One of the given files with some bytes changed, added, removed or repeated; `focus`: the first bytes that count most. */
export function mutated(files: readonly Uint8Array[], focus: number): fc.Arbitrary<Buffer> {
  const at = fc.oneof({ weight: 3, arbitrary: fc.nat(focus) }, { weight: 1, arbitrary: fc.nat(1 << 20) })
  const bytes = fc.oneof(fc.constantFrom(...TELLING), fc.uint8Array({ minLength: 1, maxLength: 8 }))
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), at, bytes }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('insert' as const), at, bytes }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('remove' as const, 'repeat', 'cut'), at, length: fc.nat(600) }),
    },
  )
  return fc
    .tuple(fc.constantFrom(...files), fc.array(edit, { maxLength: 12 }))
    .map(([file, edits]) => edits.reduce<Buffer>(applied, Buffer.from(file)))
}

function applied(file: Buffer, edit: Edit): Buffer {
  const at = file.length === 0 ? 0 : edit.at % file.length
  switch (edit.do) {
    case 'set':
      file.set(edit.bytes.subarray(0, file.length - at), at)
      return file
    case 'insert':
      return Buffer.concat([file.subarray(0, at), edit.bytes, file.subarray(at)])
    case 'remove':
      return Buffer.concat([file.subarray(0, at), file.subarray(at + edit.length)])
    case 'repeat':
      return Buffer.concat([file.subarray(0, at + edit.length), file.subarray(at)])
    case 'cut':
      return file.subarray(0, at)
  }
}
