import { diagnose } from '../../doctor/diagnose.ts'
import { gather } from '../../doctor/surroundings.ts'
import type { CommonOptions } from '../options.ts'
import { printLine } from '../output.ts'
import { renderFindings } from '../render/doctor.ts'

/** Say what would go wrong here, and what to do about it. 1 if something would. */
export async function doctor({ cwd, env, db, json }: CommonOptions): Promise<number> {
  const findings = await diagnose(await gather({ cwd, env, explicit: db }))
  if (json) printLine(JSON.stringify({ findings }, undefined, 2))
  else printLine(renderFindings(findings, cwd).join('\n'))
  return findings.some(({ level }) => level === 'problem') ? 1 : 0
}
