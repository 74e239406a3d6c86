import { isAbsolute } from 'node:path'
import type { Finding, Level } from '../../doctor/finding.ts'
import { shorten } from './names.ts'

const WIDEST_NAME = 40

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
    HEADINGS[level],
    ...(level === 'ok' ? joinedByName(members) : members).flatMap(({ name, message, remedy }) => [
      `  ${name.padEnd(width)}  ${message}`,
      ...remedyLines(remedy).map((line) => `  ${' '.repeat(width)}  ${line}`),
    ]),
    '',
  ])
  return [...blocks.flat(), summary(findings)]
}

interface Line {
  readonly name: string
  readonly message: string
  readonly remedy?: string
}

/** What is in order is of little interest: one line for each subject. */
function joinedByName(lines: readonly Line[]): Line[] {
  return [...Map.groupBy(lines, ({ name }) => name)].map(([name, same]) => ({
    name,
    message: same.map(({ message }) => message).join(', '),
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
