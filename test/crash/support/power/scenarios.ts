import type { Scenario } from './scenario.ts'
import { SESSION_SCENARIOS } from './session-scenarios.ts'
import { SNAPSHOT_SCENARIOS } from './snapshot-scenarios.ts'

export const SCENARIOS: readonly Scenario[] = [...SESSION_SCENARIOS, ...SNAPSHOT_SCENARIOS]
