const BEGIN = '<!-- recorded by `npm run record`: begin -->'
const END = '<!-- recorded by `npm run record`: end -->'

/** What a page has between the marks, without its indentation. @throws when a mark is missing */
export function betweenMarks(page: string): string {
  const [, from, to] = places(page)
  return page
    .slice(from, to)
    .split('\n')
    .map((line) => line.replace(/^ {4}/, ''))
    .join('\n')
    .trim()
}

/** The page with a text between its marks instead, as a code block. @throws when a mark is missing */
export function withBetweenMarks(page: string, text: string): string {
  const [, from, to] = places(page)
  const block = text
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')
  return `${page.slice(0, from)}\n\n${block}\n\n${page.slice(to)}`
}

function places(page: string): [begin: number, from: number, to: number] {
  const begin = page.indexOf(BEGIN)
  const to = page.indexOf(END)
  if (begin === -1 || to < begin) throw new Error(`the page lacks the marks ${BEGIN} and ${END}`)
  return [begin, begin + BEGIN.length, to]
}
