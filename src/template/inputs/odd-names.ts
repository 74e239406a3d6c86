import { isUtf8 } from 'node:buffer'

// A file's name is bytes, and not always UTF-8: an archive from an old system, a disk image. As text, a byte that is no
// UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF, which stands in no other text: nothing is lost, two names stay two.

const LONGEST_CHARACTER = 4

/** @see https://peps.python.org/pep-0383/ which does the same */
export function textOfName(name: Buffer): string {
  if (isUtf8(name)) return name.toString()
  let text = ''
  for (let start = 0; start < name.length;) {
    const character = characterAt(name, start)
    text += character?.toString() ?? String.fromCharCode(0xdc00 + name.readUInt8(start))
    start += character?.length ?? 1
  }
  return text
}

function characterAt(name: Buffer, start: number): Buffer | undefined {
  for (let end = start + 1; end <= Math.min(start + LONGEST_CHARACTER, name.length); end += 1) {
    const bytes = name.subarray(start, end)
    if (isUtf8(bytes)) return bytes
  }
  return undefined
}

/** What the functions of `node:fs` take for a path that was made of such names. */
export function pathOfText(text: string): string | Buffer {
  if (text.isWellFormed()) return text
  return Buffer.concat(
    Array.from(text, (character) =>
      character.isWellFormed() ? Buffer.from(character) : Buffer.of(character.charCodeAt(0) - 0xdc00),
    ),
  )
}
