import { workerClone } from './worker-pool.ts'

// A set-up file of Vitest: runs in each worker before its tests, and before what they import reads these variables.
const { variables } = await workerClone()
Object.assign(process.env, variables)
