import { isAbsolute } from 'node:path'
import type { Finding, Level } from '../../doctor/finding.ts'
import { colour } from '../colours.ts'
import { shorten } from './names.ts'

const WIDEST_NAME = 40
const WIDTH = 80

const HEADINGS: Readonly<Record<Level, string>> = {
  problem: 'problems',
  warning: 'warnings',
  note: 'worth knowing',
  ok: 'in order',
}

/** Findings under a heading for each level, in the order in which they come; subjects and remedies are aligned. */
export function renderFindings(findings: readonly Finding[], cwd: string): string[] {
  const lines = findings.map((finding) => ({ ...finding, name: nameOf(finding, cwd) }))
  const width = Math.min(WIDEST_NAME, Math.max(0, ...lines.map(({ name }) => name.length)))
  const blocks = [...Map.groupBy(lines, ({ level }) => level)].map(([level, members]) => [
    heading(level),
    ...(level === 'ok' ? joinedByName(members, WIDTH - width - 4) : members).flatMap(({ name, message, remedy }) => [
      ...message.split('\n').map((line, index) => `  ${(index === 0 ? name : '').padEnd(width)}  ${line}`),
      ...remedyLines(remedy).map((line) => `  ${' '.repeat(width)}  ${line}`),
    ]),
    '',
  ])
  return [...blocks.flat(), summary(findings)]
}

function heading(level: Level): string {
  const colours = { problem: 'red', warning: 'yellow', note: undefined, ok: 'green' } as const
  const name = colours[level]
  return name === undefined ? HEADINGS[level] : colour(name, HEADINGS[level])
}

/** Facts in as few lines as their width allows. */
function filled(facts: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const fact of facts) {
    const line = lines.at(-1)
    if (line === undefined || `${line}, ${fact}`.length >= width) lines.push(fact)
    else lines[lines.length - 1] = `${line}, ${fact}`
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line))
}

interface Line {
  readonly name: string
  readonly message: string
  readonly remedy?: string
}

/** What is in order is of little interest: a line or two for each subject. */
function joinedByName(lines: readonly Line[], width: number): Line[] {
  return [...Map.groupBy(lines, ({ name }) => name)].map(([name, same]) => ({
    name,
    message: filled(
      same.map(({ message }) => message),
      width,
    ).join('\n'),
  }))
}

function nameOf({ subject }: Finding, cwd: string): string {
  const short = isAbsolute(subject) ? shorten(subject, cwd) : subject
  return short.startsWith('..') ? subject : short
}

function remedyLines(remedy: string | undefined): string[] {
  return remedy === undefined ? [] : remedy.split('\n').map((line, index) => `${index === 0 ? '-> ' : '   '}${line}`)
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Level, one: string): string[] => {
    const number = findings.filter((finding) => finding.level === level).length
    return number === 0 ? [] : [`${number} ${one}${number === 1 ? '' : 's'}`]
  }
  return [...count('problem', 'problem'), ...count('warning', 'warning')].join(', ') || 'nothing would go wrong here'
}
