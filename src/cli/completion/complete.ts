import type { Argument, Command, Option } from 'commander'
import { completesOf, type Completes } from './completes.ts'
import { placeOf, type Place } from './place.ts'

export interface Candidate {
  readonly value: string
  readonly description: string
}

/** What has to be looked up; `db` are the values of `--db` so far. */
export interface LookUp {
  snapshots(db: readonly string[]): Promise<readonly Candidate[]>
  databases(): Promise<readonly Candidate[]>
}

/** Candidates that begin as the current word does; or files; or that a command begins at the word of this index. */
export type Completion = readonly Candidate[] | 'files' | { readonly commandAt: number }

/**
 * What may stand at the last of `words`, which are those after `devshm`, told from the definitions that `--help` shows.
 *
 * @param words at least one; the last is what is typed of the current word
 */
export async function complete(program: Command, words: readonly string[], lookUp: LookUp): Promise<Completion> {
  const current = words.at(-1) ?? ''
  const place = placeOf(program, words.slice(0, -1))
  if (place.commandAt !== undefined) return { commandAt: place.commandAt }
  const valuesFor = async (what: Argument | Option | undefined): Promise<readonly Candidate[] | 'files'> => {
    return what === undefined ? [] : await valuesOf(completesOf(what), place, lookUp)
  }
  if (place.openOption !== undefined) return beginningWith(current, await valuesFor(place.openOption))
  if (!place.onlyOperands && current.startsWith('-')) {
    const [name = '', value] = current.split('=', 2)
    if (value === undefined) return beginningWith(current, optionsAt(place))
    const option = place.options.find((each) => each.long === name)
    return beginningWith(current, withPrefix(`${name}=`, await valuesFor(option)))
  }
  if (place.argument !== undefined && completesOf(place.argument) === 'command') return { commandAt: words.length - 1 }
  const values = await valuesFor(place.argument)
  if (values === 'files') return 'files'
  const found = beginningWith(current, [...place.subcommands.map(candidateOf), ...values])
  if (found.length > 0) return found
  if (place.argument !== undefined && takesFiles(completesOf(place.argument))) return 'files'
  return current === '' && !place.onlyOperands ? optionsAt(place) : []
}

async function valuesOf(completes: Completes, place: Place, lookUp: LookUp): Promise<readonly Candidate[] | 'files'> {
  switch (completes) {
    case 'files':
    case 'command':
      return 'files'
    case 'snapshots':
      return await lookUp.snapshots(place.db)
    case 'databases': {
      const databases = await lookUp.databases()
      return databases.length > 0 ? databases : 'files'
    }
    default:
      return completes.map((value) => ({ value, description: '' }))
  }
}

function takesFiles(completes: Completes): boolean {
  return completes === 'snapshots' || completes === 'databases'
}

function beginningWith(current: string, values: readonly Candidate[] | 'files'): readonly Candidate[] | 'files' {
  if (values === 'files') return values
  return values.filter(({ value }) => value.startsWith(current))
}

function withPrefix(prefix: string, values: readonly Candidate[] | 'files'): readonly Candidate[] | 'files' {
  if (values === 'files') return values
  return values.map(({ value, description }) => ({ value: `${prefix}${value}`, description }))
}

/** Those that were not given yet; `--db` may be repeated. */
function optionsAt({ options, given }: Place): readonly Candidate[] {
  return options
    .filter((option) => !given.includes(option) || option.long === '--db')
    .map((option) => ({ value: option.long ?? option.short ?? '', description: option.description }))
}

function candidateOf(command: Command): Candidate {
  return { value: command.name(), description: command.summary() || command.description() }
}
