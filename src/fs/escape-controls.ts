/**
 * Control characters, and those that reorder or hide text, as escapes: what is in a database, or in a name, must not drive
 * the terminal, nor forge a line of the output.
 */
export function escapeControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, (character) => {
    const code = codeOf(character)
    return SHORT_ESCAPES[character] ?? (code < 0x100 ? asByte(code) : `\\u{${code.toString(16)}}`)
  })
}

/**
 * What drives a terminal or changes the order of what it shows, as escapes. Lines, tabs and the colours that devshm itself
 * uses stay: this is for a whole output, whatever names are in it. JSON remains the same JSON.
 */
export function harmlessForTerminal(text: string): string {
  return text.replaceAll(OWN_COLOUR_OR_HARMFUL, (found) => {
    const isHarmless = found.length > 2 || found === '\n' || found === '\t'
    return isHarmless ? found : (SHORT_ESCAPES[found] ?? asInJson(codeOf(found)))
  })
}

/** Names and messages that have to stay on one line, and in the colour that devshm gives them. */
export function onOneLine(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll(ESCAPE, '\\x1b')
}

const ESCAPE = '\u001B'

const OWN_COLOUR_OR_HARMFUL = new RegExp(
  String.raw`${ESCAPE}\[(?:1|22|31|32|33|39)m|[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_C}]`,
  'gu',
)

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

function asByte(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`
}

/** What JSON leaves as it is, is escaped as JSON could have. */
function asInJson(code: number): string {
  return code < 0x20 ? asByte(code) : `\\u${code.toString(16).padStart(4, '0')}`
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
