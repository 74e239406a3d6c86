import { posix } from 'node:path'
import type { FileFacts } from '../../file-facts.ts'
import type { WholeAnalysis } from './analysis.ts'
import { followAll } from './follow.ts'
import { type MigrationFacts, migrationFacts } from './migration-facts.ts'
import { folderOf } from './source-tree.ts'

/** These leave the same behind whether `post_migrate` ran before them or not. */
const INDEPENDENT = new Set([
  'AddConstraint',
  'AddField',
  'AddIndex',
  'AlterConstraint',
  'AlterField',
  'AlterIndexTogether',
  'AlterModelManagers',
  'AlterModelTable',
  'AlterModelTableComment',
  'AlterOrderWithRespectTo',
  'AlterUniqueTogether',
  'RemoveConstraint',
  'RemoveField',
  'RemoveIndex',
  'RenameField',
  'RenameIndex',
  'SeparateDatabaseAndState',
])
/** These read and write rows: the same, unless those are rows that `post_migrate` writes. */
const OF_DATA = new Set(['RunPython', 'RunSQL'])
/** Tables that `post_migrate` writes to, or that packages are known to write to then. */
const WRITTEN_AFTER_MIGRATE = /content_?type|permission|group|user|site/i

/**
 * Why `migrate` may not run these new migrations on a database in which the others were applied already, and give what
 * it gives on an empty one. `undefined` if nothing speaks against it.
 *
 * What differs is the order of migrations, and that `post_migrate` has run once in between: it numbers content types
 * and permissions in the order in which it first meets the models, and never takes one away.
 */
export function migrationsOnTop(added: readonly string[], there: WholeAnalysis): string | undefined {
  const before = there.inputs.filter(({ path, role }) => role === 'ordered' && !added.includes(path))
  for (const { path } of before) {
    const migration = migrationFacts(there.facts, path)
    const dependency = added.find((each) => migration?.dependencies.includes(nameOf(each)))
    if (dependency !== undefined) return `${path}, which was applied, depends on ${dependency}`
    if (migration?.dependsOnLatest === true) return `${path} depends on the latest migration of an app`
  }
  for (const path of added) {
    const migration = migrationFacts(there.facts, path)
    const reason =
      migration === undefined
        ? 'cannot be read'
        : (whyOutOfOrder(
            path,
            migration,
            added,
            before.map((each) => each.path),
          ) ?? whyOtherwise(path, migration, there))
    if (reason !== undefined) return `${path} ${reason}`
  }
  return undefined
}

function whyOutOfOrder(
  path: string,
  { replaces, runsBefore, dependencies }: MigrationFacts,
  added: readonly string[],
  before: readonly string[],
): string | undefined {
  if (replaces) return 'replaces others'
  if (runsBefore) return 'is to run before others'
  const siblings = (paths: readonly string[]): string[] =>
    paths.filter((each) => each !== path && folderOf(each) === folderOf(path)).toSorted()
  const last = siblings(before).at(-1)
  const follows = [...siblings(added), ...(last === undefined ? [] : [last])].some((each) =>
    dependencies.includes(nameOf(each)),
  )
  return last === undefined || follows ? undefined : `does not come after ${nameOf(last)}`
}

function whyOtherwise(path: string, { operations }: MigrationFacts, there: WholeAnalysis): string | undefined {
  const { settings, following } = there
  if (operations === undefined) return 'puts its operations together when it runs'
  const countsModels = settings.hasContentTypes || !settings.listsApps
  const ofData = operations.find((name) => OF_DATA.has(name))
  const other = operations.find((name) => {
    if (name === 'CreateModel') return countsModels
    return !INDEPENDENT.has(name) && !OF_DATA.has(name)
  })
  if (other !== undefined) return `has a ${other}, after which content types and permissions may be numbered otherwise`
  if (ofData === undefined) return undefined
  const receiver = there.inputs.find(({ path: each }) => following.modules(each)?.hasMigrateSignals === true)
  if (receiver !== undefined) return `has a ${ofData}, and ${receiver.path} acts after each migrate`
  const mentioning = [...followAll([path], following)].find((each) => mentionsWhatIsWritten(each, there.facts))
  return mentioning === undefined
    ? undefined
    : `has a ${ofData}, and ${mentioning} is about what Django writes after migrate`
}

function mentionsWhatIsWritten(path: string, facts: FileFacts): boolean {
  const told = facts.derived(path, 'django: written 1', (content) =>
    WRITTEN_AFTER_MIGRATE.test(content) ? ['yes'] : [],
  )
  return told?.includes('yes') === true
}

function nameOf(path: string): string {
  return posix.basename(path, '.py')
}
