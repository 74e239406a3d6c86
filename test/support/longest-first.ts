import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that wait longest for the tools of others. The largest files, which Vitest would start first, do not. */
const LONG =
  /^test\/(testing\/(django-suites|rails|orms)|template\/(rails|drizzle|sequelize|knex|typeorm|django-edits)|frameworks\/\w+|screens\/screens|recorded-session)\.test\.ts$/

/** What takes longest is started first, so that it is not what all cores but one wait for in the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is Vitest's, and leaves the array alone.
    const sorted = await super.sort(files)
    const root = `${this.ctx.config.root}/`
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId.replace(root, ''))
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
