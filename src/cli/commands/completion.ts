import type { Command } from 'commander'
import { complete, type Completion } from '../completion/complete.ts'
import { lookUpFrom } from '../completion/look-up.ts'
import { shellScript } from '../completion/shell-script.ts'
import { harmlessForTerminal } from '../../fs/escape-controls.ts'
import { printLine } from '../output.ts'

/** Print a shell's completion script. */
export async function completion(shell: string): Promise<number> {
  printLine((await shellScript(shell)).trimEnd())
  return 0
}

/**
 * Answer a shell: one candidate a line, with a tab and its description; or `:files`; or `:command N`, the index of the
 * word with which the command to run begins. Never an error: there is nobody to read it.
 */
export async function answerShell(program: Command, words: readonly string[], cwd: string): Promise<number> {
  try {
    const found = linesOf(await complete(program, words, lookUpFrom(cwd)))
    if (found.length > 0) printLine(found.join('\n'))
  } catch {
    // Such as a configuration that is being written: nothing to offer, then.
  }
  return 0
}

function linesOf(completion: Completion): readonly string[] {
  if (completion === 'files') return [':files']
  if ('commandAt' in completion) return [`:command ${completion.commandAt}`]
  return (
    completion
      .map(({ value, description }) => `${value}\t${description}`)
      // Such a name would end the line, or drive the terminal; escaped it would be another one.
      .filter((line) => !line.includes('\n') && harmlessForTerminal(line) === line)
  )
}
