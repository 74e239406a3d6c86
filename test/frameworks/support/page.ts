import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../../../docs/frameworks')

/** One fenced block of a page. */
interface Block {
  readonly language: string
  readonly text: string
  /** It says that our tests do not execute it, and why. */
  readonly isMarked: boolean
}

/** A page of `docs/frameworks/`, as its test sees it. */
export interface Page {
  /** The command lines that are to be executed, in order. */
  readonly commands: readonly string[]
  /** The first block of JSON with comments after `devshm init`. */
  readonly configuration: string
  /** All of it is marked as not executed, but for `devshm init`. */
  readonly isMarked: boolean
  readonly headings: readonly string[]
  /** Commands of devshm's in other blocks, where nobody would execute them. */
  readonly stray: readonly string[]
}

export function readPage(name: string): Page {
  const text = readFileSync(join(FOLDER, `${name}.md`), 'utf8')
  const blocks = [...text.matchAll(/(?:^(_.*(?:\n.+)*)\n\n)?^```(\w+)\n(.*?)^```$/gms)].map(
    ([, paragraph = '', language = '', content = '']): Block => ({
      language,
      text: content,
      isMarked: paragraph.startsWith('_Not executed by our tests'),
    }),
  )
  const isMarked = text.includes('**Not executed by our tests**')
  const shell = blocks.filter(({ language }) => language === 'sh')
  const init = blocks.findIndex((block) => block.language === 'sh' && /^devshm init\b/.test(block.text))
  const prose = text.replaceAll(/^```.*?^```$/gms, '')
  return {
    commands: shell.filter((block) => !block.isMarked).flatMap((block) => commandsIn(block.text)),
    configuration: blocks.slice(init + 1).find(({ language }) => language === 'jsonc')?.text ?? '',
    isMarked,
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
