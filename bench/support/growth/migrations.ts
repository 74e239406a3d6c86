import { generated } from '../projects.ts'
import { plainly, type Dimension } from './dimension.ts'
import { resetContenders, RESETS } from './resets.ts'

/** Of a Django project, with 16 objects in a fixture for each. */
export const migrations: Dimension = {
  x: 'migrations',
  sizes: [10, 30, 100, 300],
  quickSizes: [10, 20],
  plots: [{ file: 'growth-reset-migrations.svg', title: 'Reset, by migrations', unit: 'ms', ways: RESETS }],
  contendersAt: async (size, place, bench) => {
    const { make, setup, inputs } = generated(size, 16 * size)
    await make(place)
    const commands = setup.filter((command) => command !== undefined)
    return plainly(await resetContenders(bench, place, { inputs, setup: commands }))
  },
}
