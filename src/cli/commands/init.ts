import { UsageError } from '../../errors.ts'
import { draftOf, type Draft } from '../../init/draft.ts'
import type { Proposal } from '../../init/proposal.ts'
import { propose } from '../../init/propose.ts'
import { writeDraft } from '../../init/write-draft.ts'
import { canAsk, confirm } from '../ask.ts'
import type { CommonOptions } from '../options.ts'
import { printLine, printNote } from '../output.ts'
import { renderDraft, renderProposal, renderRemarks } from '../render/init.ts'
import { shorten } from '../render/names.ts'

export interface InitFlags extends CommonOptions {
  /** Write without asking. */
  readonly yes: boolean
  /** Also replace what the configuration says already. */
  readonly force: boolean
}

/** What becomes of the configuration. */
type Action = 'created' | 'amended' | 'replaced' | 'unchanged' | 'kept' | 'none'

/**
 * Write a configuration of what was found. 1 if the user says no, 2 if nobody can be asked and neither `--yes` nor
 * `--force` was given.
 */
export async function init(flags: InitFlags): Promise<number> {
  const proposal = await propose(flags)
  const draft = await draftOf(proposal)
  const name = shorten(draft.path, flags.cwd)
  if (!flags.json) for (const line of renderProposal(proposal, flags.cwd)) printLine(line)
  const action = await decide(draft, name, flags)
  if (action === 'created' || action === 'amended' || action === 'replaced') await writeDraft(draft)
  if (flags.json) printLine(JSON.stringify(asJson(proposal, draft, action), undefined, 2))
  else for (const line of outcomeOf(action, name, proposal)) printNote(line)
  if (action === 'none' && !isAsked(flags)) throw nobodyToAsk(draft)
  return action === 'none' ? 1 : 0
}

async function decide(draft: Draft, name: string, flags: InitFlags): Promise<Action> {
  const { before, text, replaced } = draft
  if (before === text) return 'unchanged'
  const action = before === undefined ? 'created' : replaced.length > 0 ? 'replaced' : 'amended'
  if (flags.force || (flags.yes && action !== 'replaced')) return action
  if (!flags.json) for (const line of renderDraft(draft, name)) printLine(line)
  if (flags.yes) return 'kept'
  if (!isAsked(flags)) return 'none'
  const question = action === 'created' ? `Write ${name}?` : `Change ${name} so?`
  return (await confirm(question, action !== 'replaced')) ? action : 'none'
}

function isAsked({ json }: InitFlags): boolean {
  return !json && canAsk()
}

function outcomeOf(action: Action, name: string, proposal: Proposal): string[] {
  switch (action) {
    case 'created':
      return [`devshm: ${name} is written`, ...renderRemarks(proposal)]
    case 'amended':
    case 'replaced':
      return [`devshm: ${name} is changed`, ...renderRemarks(proposal)]
    case 'unchanged':
      return [`devshm: ${name} says all of that already; nothing to do`]
    case 'kept':
      return [`devshm: ${name} stays as you have it`, '  --force changes it as shown']
    case 'none':
      return ['devshm: nothing was written']
  }
}

function nobodyToAsk({ replaced, path }: Draft): UsageError {
  const flag = replaced.length > 0 ? '--force' : '--yes'
  return new UsageError('there is no terminal to ask on', {
    hint: `with ${flag} it is written without asking`,
    details: { path },
  })
}

function asJson(proposal: Proposal, { path, text, added, replaced }: Draft, action: Action): unknown {
  const { root, framework, isPreset, others, databases, env, setup, toFillIn } = proposal
  return { root, path, action, framework, isPreset, others, databases, env, setup, toFillIn, added, replaced, text }
}
