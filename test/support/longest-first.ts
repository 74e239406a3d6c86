import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that took longest, from 20 to 100 s, by themselves no larger than others: Vitest would start the largest first. */
const LONG =
  /^test\/(template\/(django-edits|rails|drizzle|sequelize)|testing\/(django-\w+|vitest|playwright|jest|rails|orms)|django\/without-link|crash\/crash|session\/crash-at-step|snapshot\/under-server|frameworks\/\w+)\.test\.ts$/

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
