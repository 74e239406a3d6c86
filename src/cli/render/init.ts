import { resolve } from 'node:path'
import { diff } from 'node:util'
import { lookAt } from '../../fs/look.ts'
import type { Draft } from '../../init/draft.ts'
import type { Proposal } from '../../init/proposal.ts'
import { escapeControls } from '../../fs/escape-controls.ts'
import { shorten } from './names.ts'

/** How many equal lines are shown around one that differs. */
const CONTEXT = 2

/** What was found, for people. */
export function renderProposal(proposal: Proposal, cwd: string): string[] {
  const { root, framework, others, databases, setup } = proposal
  const where = root === cwd ? '' : ` in ${shorten(root, cwd)}`
  const left = others.length === 0 ? '' : `; ${others.join(' and ')} as well, which is left out`
  return [
    `found ${framework}${where}${left}`,
    ...Object.entries(databases).map(
      ([name, { path }]) => `  database  ${name}: ${path}${isThere(root, path) ? '' : ' (not there yet)'}`,
    ),
    ...setup.map(({ run }, index) => `  step ${index + 1}    ${run}`),
  ].map(escapeControls)
}

function isThere(root: string, path: string): boolean {
  return lookAt(resolve(root, path)) !== undefined
}

/** What would be written: all of a new file, what differs of another. */
export function renderDraft({ before, text }: Draft, name: string): string[] {
  if (before === undefined) return ['', `${name}:`, '', ...text.trimEnd().split('\n').map(escapeControls), '']
  return ['', `${name} would change:`, '', ...renderDifference(before, text), '']
}

/** What is left to do once it is written. */
export function renderRemarks({ toFillIn }: Proposal): string[] {
  if (toFillIn.length === 0) return ['  next: devshm reset']
  return toFillIn.map((what) => `  to fill in: ${what}`)
}

/** Lines that go with `-`, lines that come with `+`, and a few around them. */
function renderDifference(before: string, after: string): string[] {
  const lines = diff(linesOf(after), linesOf(before)).map(([kind, line]) => ({ sign: SIGNS[kind + 1] ?? ' ', line }))
  const isShown = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  )
  return lines.flatMap(({ sign, line }, index) => {
    if (isShown[index] === true) return [`${sign} ${escapeControls(line)}`.trimEnd()]
    return isShown[index - 1] === true ? ['  …'] : []
  })
}

/** For -1, 0 and 1. */
const SIGNS = ['-', ' ', '+']

function linesOf(text: string): string[] {
  return text.trimEnd().split(/\r?\n/)
}
