import type { CrashCase } from '../crash-case.ts'
import { SESSION_CASES } from './session-cases.ts'
import { SNAPSHOT_CASES } from './snapshot-cases.ts'
import { TEMPLATE_CASES } from './template-cases.ts'

export const CASES: readonly CrashCase[] = [...SESSION_CASES, ...SNAPSHOT_CASES, ...TEMPLATE_CASES]
