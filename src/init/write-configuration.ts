import type { Proposal } from './proposal.ts'
import { writeDatabases, writeSetup, writeValue } from './write-value.ts'

const INDENT = '  '

/** A part of a configuration: a key with its value, and what stands above it. */
export interface Section {
  readonly key: 'databases' | 'env' | 'setup'
  readonly comments: readonly string[]
  /** What the value means, to compare with what is there. */
  readonly value: unknown
  /** It, as JSON with comments, for a key that is indented by two spaces. */
  readonly json: string
}

/** What a proposal says, key by key. */
export function sectionsOf(proposal: Proposal): Section[] {
  const { databases, env, setup, toFillIn } = proposal
  return [
    {
      key: 'databases',
      comments: ['The databases, by a name of your choice; paths are relative to this file.'],
      value: databases,
      json: writeDatabases(databases, INDENT),
    },
    ...(env === undefined
      ? []
      : [
          {
            key: 'env',
            comments: ['Variables that lead the steps to a private database: a build never touches yours.'],
            value: env,
            json: writeValue(env, INDENT),
          } as const,
        ]),
    {
      key: 'setup',
      comments: [...aboutSetup(proposal), ...aboutLeading(proposal)],
      value: setup,
      json: writeSetup(
        setup,
        toFillIn.map((what) => `Fill in: ${what}.`),
        INDENT,
      ),
    },
  ]
}

/** The whole file. */
export function writeConfiguration(proposal: Proposal): string {
  const sections = sectionsOf(proposal).map(writeSection)
  const head = headlines(proposal).map((line) => `${INDENT}// ${line}\n`)
  return `{\n${head.join('')}\n${sections.join(',\n\n')}\n}\n`
}

/** A section with its comments, indented, without a comma. */
export function writeSection({ key, comments, json }: Section): string {
  return [...comments.map((comment) => `${INDENT}// ${comment}`), `${INDENT}"${key}": ${json}`].join('\n')
}

function headlines({ framework, isPreset, others }: Proposal): string[] {
  const what = isPreset
    ? 'what devshm does by itself, to be changed as you like'
    : 'to be checked and changed as you like'
  return [
    `Written by \`devshm init\` for ${framework}: ${what}.`,
    ...(others.length > 0
      ? [`It was found together with ${others.join(' and ')}, of which there is nothing in here.`]
      : []),
  ]
}

function aboutSetup({ isPreset }: Proposal): string[] {
  return [
    'What makes the databases of nothing: `devshm reset` runs these steps once, and then takes milliseconds.',
    'A step runs again when a file of its "inputs" changes, or the value of one of its "variables"; without "inputs", when',
    'any file of the project does. "incremental": it does only what is pending, so it may go on from an older state.',
    ...(isPreset
      ? [
          'Migrations, settings, installed packages and what else the framework depends on count for the first step in any',
          'case; add what devshm cannot see.',
        ]
      : []),
  ]
}

function aboutLeading({ maybeLeadBy: [name] }: Proposal): string[] {
  if (name === undefined) return []
  return [
    `If ${name} tells your app where its database is, builds can do with it alone, while your app runs:`,
    `"env": { "${name}": "{path}" },`,
  ]
}
