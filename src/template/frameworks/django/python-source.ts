/**
 * A Python file without what is not code: one line a statement, without comments, each string as `"N"`, where `N` is its
 * index in `strings`. An f-string is `''`, followed by the expressions in it, each in brackets.
 */
export interface PythonSource {
  readonly lines: readonly string[]
  readonly strings: readonly string[]
}

const TOKEN = /#[^\n\r]*|\\(?:\r\n|[\n\r])|\r\n|[\n\r]|[()[\]{}:]|(?:\b[rbuft]{1,2})?(?:'''|"""|'|")/gi

/** Broken code is read as far as it goes. */
export function readPython(source: string): PythonSource {
  const strings: string[] = []
  let at = 0
  let out = ''

  readCode('file')
  return { lines: out.split('\n'), strings }

  /** Up to the end of the file, or to the `}` of an expression in an f-string. */
  function readCode(within: 'file' | 'expression'): void {
    let depth = 0
    while (at < source.length) {
      TOKEN.lastIndex = at
      const found = TOKEN.exec(source)
      out += source.slice(at, found?.index)
      if (found === null) {
        at = source.length
        return
      }
      const token = found[0]
      at = found.index + token.length
      const last = token.at(-1) ?? ''
      if (token.startsWith('#')) continue
      if (last === '"' || last === "'") {
        readString(token)
      } else if (last === '\n' || last === '\r') {
        out += token.startsWith('\\') || depth > 0 || within === 'expression' ? ' ' : '\n'
      } else if (within === 'expression' && depth === 0 && (last === '}' || last === ':')) {
        // What follows the colon is a format, not code.
        if (last === ':') readText('}', { isRaw: true, isFormatted: true })
        return
      } else {
        if ('([{'.includes(last)) depth += 1
        if (')]}'.includes(last)) depth = Math.max(0, depth - 1)
        out += last
      }
    }
  }

  function readString(token: string): void {
    const quote = token.replace(/^[a-z]+/i, '')
    const prefix = token.slice(0, -quote.length).toLowerCase()
    const isFormatted = /[ft]/.test(prefix)
    const start = at
    if (isFormatted) out += "''"
    readText(quote, { isRaw: prefix.includes('r'), isFormatted })
    if (isFormatted) return
    out += `"${strings.length}"`
    strings.push(source.slice(start, source.endsWith(quote, at) ? at - quote.length : at))
  }

  /** Up to and with `end`. */
  function readText(end: string, { isRaw, isFormatted }: { isRaw: boolean; isFormatted: boolean }): void {
    while (at < source.length) {
      if (source.startsWith(end, at)) {
        at += end.length
        return
      }
      const character = source[at]
      at += 1
      if (character === '\\') {
        skipEscaped(isRaw, isFormatted)
      } else if (isFormatted && character === '{') {
        if (source[at] === '{' && end !== '}') at += 1
        else readExpression()
      } else if (character === '\n' && end.length === 1 && end !== '}') {
        // Broken code: the line ends all the same.
        at -= 1
        return
      }
    }
  }

  function skipEscaped(isRaw: boolean, isFormatted: boolean): void {
    const next = source[at]
    if (isFormatted && !isRaw && next === 'N' && source[at + 1] === '{') {
      at = Math.max(at, source.indexOf('}', at)) + 1
    } else if (!isFormatted || next !== '{') {
      at += next === '\r' && source[at + 1] === '\n' ? 2 : 1
    }
  }

  function readExpression(): void {
    out += '('
    readCode('expression')
    out += ')'
  }
}
