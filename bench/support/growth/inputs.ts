import { COLD, decidingContenders, GIT, WARM } from '../input-files.ts'
import { plainly, type Dimension } from './dimension.ts'

/** Files that the template depends on. */
export const inputs: Dimension = {
  x: 'inputs',
  sizes: [100, 1000, 10_000],
  quickSizes: [100, 1000],
  plots: [
    {
      file: 'growth-plan-inputs.svg',
      title: 'Seeing that nothing changed, by inputs',
      unit: 'ms',
      ways: [
        { label: 'devshm', contender: WARM, isOurs: true },
        { label: 'hashing all', contender: COLD },
        { label: '`git ls-files -m`', contender: GIT },
      ],
    },
  ],
  contendersAt: async (size, place) => plainly(await decidingContenders(place, size)),
}
