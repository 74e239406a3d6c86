import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../../../docs/frameworks')

/** A page of `docs/frameworks/`, as its test sees it. */
export interface Page {
  /** The lines of all its blocks of shell, in order. */
  readonly commands: readonly string[]
  /** The first block of JSON with comments after `devshm init`. */
  readonly configuration: string
  /** It says that our tests do not execute its commands, and why. */
  readonly isMarked: boolean
  readonly headings: readonly string[]
  /** Commands of devshm's in other blocks, where nobody would execute them. */
  readonly stray: readonly string[]
}

export function readPage(name: string): Page {
  const text = readFileSync(join(FOLDER, `${name}.md`), 'utf8')
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, content = '']) => {
    return { language, content }
  })
  const shell = blocks.filter(({ language }) => language === 'sh')
  const init = blocks.findIndex(({ language, content }) => language === 'sh' && /^devshm init\b/.test(content))
  const prose = text.replaceAll(/^```.*?^```$/gms, '')
  return {
    commands: shell.flatMap(({ content }) => commandsIn(content)),
    configuration: blocks.slice(init + 1).find(({ language }) => language === 'jsonc')?.content ?? '',
    isMarked: text.includes('**Not executed by our tests**'),
    headings: [...prose.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading),
    stray: linesOf(text.replaceAll(/^```sh\n.*?^```$/gms, '')).filter(looksLikeCommand),
  }
}

/** Those of fenced blocks are indented, as blocks may be instead. */
function linesOf(text: string): string[] {
  let isFenced = false
  return text.split('\n').map((line) => {
    if (line.startsWith('```')) isFenced = !isFenced
    return isFenced ? `    ${line}` : line
  })
}

function looksLikeCommand(line: string): boolean {
  return /^ {4,}(?:\$ )?devshm [a-z]/.test(line)
}

/** One a line; a remark behind it is none of it. */
function commandsIn(block: string): string[] {
  return block
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
